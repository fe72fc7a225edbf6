/**
 * From rows of a table to samples in order, in panels of Parquet.
 *
 * <pre>
 *   Side                the samples of the rows or the columns: those there, and those of a table
 *     SortedSamples     index and checks of every row
 *       PlaceRuns         where rows lie, as runs that ascend
 *       SamplesInOrder    one shuffle, where the order follows from that
 *       ShuffledSamples   a sort before it, where it does not
 *     IndexStage        samples/panel-*.parquet, one task a panel
 * </pre>
 *
 * <p>Start reading at {@link Side}.
 */
package dev.tangents.job.stage.sample;
