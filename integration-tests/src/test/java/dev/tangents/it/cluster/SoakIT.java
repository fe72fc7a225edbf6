package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** 20,000 samples on two executors of 1 GiB heap, undisturbed, verified, and killed ten times. */
@Tag("full")
@ExtendWith(ClusterExtension.class)
class SoakIT {
  private static final int SAMPLES = 20_000;
  private static final int KILLS = 10;

  /** MiB of code, metadata, threads and native libraries, which no bound of Java's covers. */
  private static final long JVM_MIB = 512;

  private static final long BOUND_MIB = Spark.HEAP_MIB + Spark.NATIVE_MIB + JVM_MIB;

  @TempDir private Path folder;

  @Test
  void killedTenTimesWithinBoundedMemory(Cluster cluster) throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "Peaks of memory are read from /proc");
    Workload workload = new Workload(210, 20, flags(samples()));
    Path calm = folder.resolve("calm");
    Run run = new Run(calm.toString(), cluster.submit(workload.gram(calm.toString())));
    long peak = peakMib(cluster, run);
    System.Logger log = System.getLogger(SoakIT.class.getName());
    log.log(System.Logger.Level.INFO, "Peak of an executor: " + peak + " of " + BOUND_MIB + " MiB");
    assertEquals(0, run.driver().exitCode(Run.PATIENCE), run.driver()::printed);
    assertTrue(peak <= BOUND_MIB, () -> peak + " MiB, at most " + BOUND_MIB);
    Jvm verifying = cluster.submit(List.of("verify", calm.toString()));
    assertEquals(0, verifying.exitCode(Run.PATIENCE), verifying::printed);
    log.log(System.Logger.Level.INFO, verifying.printed());
    Undisturbed undisturbed = new Undisturbed(calm, Result.of(calm.toString()).hashes());
    new Kills(cluster, workload, folder.resolve("out"), Kills.random())
        .run(KILLS)
        .assertEqualTo(undisturbed);
  }

  private static List<String> flags(Path input) {
    String network = "mlp:64-512-512-10:relu?seed=1";
    return List.of("--input", input.toString(), "--model", network, "--id", "id", "--tile", "1024");
  }

  /** The largest resident memory that any executor had until the run's end. */
  private static long peakMib(Cluster cluster, Run run) throws InterruptedException {
    long peak = 0;
    while (run.driver().isAlive()) {
      for (ProcessHandle executor : cluster.executors()) {
        peak = Math.max(peak, peakKib(executor) / 1024);
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return peak;
  }

  private static long peakKib(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      return 0; // It has ended.
    }
  }

  /** Digits with noise, until there are enough. */
  private Path samples() throws IOException {
    Path path = folder.resolve("digits");
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate()) {
      spark.read().parquet(Workload.SAMPLES).createOrReplaceTempView("digits");
      spark
          .sql(
              "select id + 2000 * copy as id, label,"
                  + " transform(features, (x, i) -> x + sin(id + 64 * copy + i)) as features"
                  + " from digits lateral view explode(sequence(0, 11)) copies as copy"
                  + " order by id limit "
                  + SAMPLES)
          .write()
          .parquet(path.toString());
    }
    return path;
  }
}
