/**
 * Settings: one typed entry each, in one list, and where a value came from.
 *
 * <pre>  defaults  <  --config FILE (HOCON)  <  spark.tangents.KEY  <  --KEY</pre>
 *
 * <p>The flags of the command line and {@code conf/reference.md} are made from the same list. Of
 * the project it imports {@code error}, and from the bridge and {@code udfs} the enums whose
 * constants a setting may have.
 *
 * <p>Start reading at {@link dev.tangents.job.config.Settings}.
 */
package dev.tangents.job.config;
