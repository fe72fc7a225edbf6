/**
 * Settings: one typed entry each, in one list, and where a value came from.
 *
 * <pre>  defaults  <  --config FILE (HOCON)  <  spark.tangents.KEY  <  --KEY</pre>
 *
 * <p>The flags of the command line and {@code conf/reference.md} are made from the same list.
 * Imports {@code error} alone of the project.
 *
 * <p>Start reading at {@link dev.tangents.job.config.Settings}.
 */
package dev.tangents.job.config;
