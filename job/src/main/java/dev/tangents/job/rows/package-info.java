/**
 * Derivatives of each sample by itself: what is asked for, the graph that computes it, and how it
 * streams through an engine in micro-batches of N samples and chunks of V lanes. No Spark types.
 *
 * <pre>
 *   RowRequest -&gt; RowGraph (one sample, lanes as inputs) -&gt; RowSize (N and V within memory)
 *                                                        -&gt; RowExecutor -&gt; RowValues
 * </pre>
 *
 * <p>Start reading at {@link dev.tangents.job.rows.RowGraph}.
 */
package dev.tangents.job.rows;
