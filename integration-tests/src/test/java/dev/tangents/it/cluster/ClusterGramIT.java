package dev.tangents.it.cluster;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Gram on a cluster: the bytes of one JVM, whatever happens to executors and Workers. */
@ExtendWith(ClusterExtension.class)
class ClusterGramIT {
  private static final int TILES = Workload.DIGITS.tiles();

  @TempDir private Path folder;

  /** With the jar as users begin with, which executors fetch from the driver. */
  @Test
  void bytesAreThoseOfOneJvmUnderKryoToo(Cluster cluster, Undisturbed undisturbed)
      throws Exception {
    String kryo = "org.apache.spark.serializer.KryoSerializer";
    Run run = run(cluster, Spark.JAR.replace("local:", ""), Map.of("spark.serializer", kryo));
    run.assertEqualTo(undisturbed);
    run.assertTidy();
  }

  /** An executor is replaced by its Worker; then the other Worker dies, with its executor. */
  @Test
  void killedExecutorAndKilledWorkerChangeNothing(Undisturbed undisturbed) throws Exception {
    Path logs = Path.of("target", "cluster", "own-" + System.nanoTime());
    try (Cluster own = new Cluster(logs, 2, 1)) {
      Run run = run(own, Spark.JAR, Map.of());
      ProcessHandle first = own.awaitExecutors(2).get(0);
      run.awaitTiles(TILES / 4);
      Jvm.kill(List.of(first));
      own.awaitExecutors(2);
      run.awaitTiles(TILES / 2);
      own.killWorker();
      run.assertUnfinished(TILES);
      run.assertEqualTo(undisturbed);
    }
  }

  /** A copy of a task runs while its original goes on; each file is there once. */
  @Test
  void speculationLeavesOneFileForEachTile(Cluster cluster, Undisturbed undisturbed)
      throws Exception {
    Map<String, String> speculation = new TreeMap<>();
    speculation.put("spark.speculation", "true");
    speculation.put("spark.speculation.interval", "50ms");
    speculation.put("spark.speculation.multiplier", "1.1");
    speculation.put("spark.speculation.quantile", "0.1");
    long attempts = cluster.secondAttempts();
    Run run = run(cluster, Spark.JAR, speculation);
    ProcessHandle slow = cluster.awaitExecutors(2).get(0);
    run.awaitTiles(TILES / 4);
    Jvm.signal("STOP", slow);
    await().atMost(Run.PATIENCE).until(() -> cluster.secondAttempts() > attempts);
    Jvm.signal("CONT", slow);
    run.assertEqualTo(undisturbed);
    run.assertTidy();
  }

  private Run run(Cluster cluster, String jar, Map<String, String> properties) throws Exception {
    String output = folder.resolve("out").toString();
    return new Run(output, cluster.submit(jar, properties, Workload.DIGITS.gram(output)));
  }
}
