/**
 * Two ways to write Parquet: {@link ParquetSink} takes records of any form, number by number;
 * {@link PagedFile} takes pages of records of equal length, at the speed of the disk.
 *
 * <p>A {@link PagedColumn} is a column of the latter: its levels are trivial runs, its data lies as
 * it does in memory. Start reading at {@link PagedFile}.
 */
package dev.tangents.job.io.parquet;
