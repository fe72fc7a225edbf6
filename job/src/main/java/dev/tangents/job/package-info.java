/**
 * The {@code spark-submit} application.
 *
 * <p>Start reading at {@link dev.tangents.job.Main}.
 */
package dev.tangents.job;
