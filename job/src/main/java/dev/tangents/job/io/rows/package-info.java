/**
 * Records of samples (data/part-*.parquet), and partial sums on their way to a record. Start
 * reading at {@link RowsWriter}.
 */
package dev.tangents.job.io.rows;
