/**
 * What computes on an executor, for the job's stages and for SQL functions: engines, workers of one
 * thread each, and the one object that tasks share.
 *
 * <pre>
 *   task -&gt; ExecutorResources -&gt; Worker (of a WorkerSpec) -&gt; Engine
 * </pre>
 *
 * <p>Knows nothing of Spark. Start reading at {@link dev.tangents.udfs.executor.ExecutorResources}.
 */
package dev.tangents.udfs.executor;
