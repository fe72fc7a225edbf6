/**
 * The table that a user brings: found, checked, and read as samples.
 *
 * <pre>
 *   InputFiles, CsvHeaders -> LoadedTable (Spark, any format) -> InputTable, InputColumns -> RowParser -> Sample, SampleOrder
 *   ReadFailure   what a failure of Spark's readers says of a file
 * </pre>
 *
 * <p>Start reading at {@link InputTable}.
 */
package dev.tangents.job.io.input;
