/**
 * The table that a user brings: found, checked, and read as samples.
 *
 * <pre>
 *   InputTable (Spark, any format) -> InputColumns -> RowParser -> Sample, with its SampleOrder
 *   UnreadableFile   names the file that a reader of Spark fails on
 * </pre>
 *
 * <p>Start reading at {@link InputTable}.
 */
package dev.tangents.job.io.input;
