/**
 * The commands whose results are rows: derivatives of each sample, and sums over all of them.
 *
 * <pre>
 *   RowsRun (driver)
 *     RowsJob           plan, rehearsal, manifest
 *       RowsStage         data/part-*.parquet, one task a panel: RowsTask
 *       SumStage          partial sums of all panels, one task a parameter
 * </pre>
 *
 * <p>Start reading at {@link RowsRun}.
 */
package dev.tangents.job.stage.rows;
