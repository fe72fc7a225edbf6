/**
 * Quantities of every sample, streamed: from a network and a request to the numbers of a
 * micro-batch of N samples, in chunks of V lanes that keep a bound on memory. What hosts (a Spark
 * job, SQL functions) have in common; knows nothing of files.
 *
 * <pre>
 *   RowRequest -&gt; RowGraphs -&gt; RowGraph (one quantity) -&gt; RowPass (those of one network pass)
 *                  RowSize (N and V within memory) -&gt; RowExecutor -&gt; RowBatch
 * </pre>
 *
 * <p>Start reading at {@link dev.tangents.rows.RowGraphs}.
 */
package dev.tangents.rows;
