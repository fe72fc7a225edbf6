/**
 * The stages of a run: the only package, with {@code io}, that uses Spark.
 *
 * <pre>
 *   GramRun (driver)
 *     SortedSamples  rows -> order, checked                        one task a part of a file
 *     IndexStage   -> samples/panel-*.parquet                      one task a panel
 *     TileStage    tiles in groups along the triangle              one task a group
 *       ExecutorResources -> TileWorker: engine, kernel, cache of panels; one thread each
 *   RowsRun (driver)
 *     SortedSamples  as above
 *     RowsStage    -> data/part-*.parquet                          one task a panel
 *       ExecutorResources -> RowWorker: engine, prepared pass of {@code rows}; one thread each
 *     SumStage     partial sums of all panels -> data/part-*.parquet   one task a parameter
 *   DoctorRun (driver)
 *     ExecutorSurvey   each JVM looks at itself                    one task a processor
 * </pre>
 *
 * <p>Only paths, bounds and small summaries travel between driver and executors; samples travel
 * once, to their panel. Start reading at {@link dev.tangents.job.stage.GramRun}.
 */
package dev.tangents.job.stage;
