/**
 * The packaged jar on a standalone cluster of real JVMs on the loopback, and what goes wrong there:
 * processes that are killed, disks that are full, nodes that stop. Under {@code -Pfull} the cluster
 * and the drivers are of another Spark.
 *
 * <pre>
 *   test -> ClusterExtension -> Cluster: Master, 2 Workers (executors are children of theirs)
 *        -> Spark.submit     -> Jvm: the driver of a Program, ours or a user's
 *        -> MiniDfs          in the test's own JVM
 * </pre>
 *
 * <p>Logs lie in {@code target/cluster}. Start reading at {@code ClusterGramIT}.
 */
package dev.tangents.it.cluster;
