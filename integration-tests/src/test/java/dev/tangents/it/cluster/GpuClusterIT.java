package dev.tangents.it.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tangents.exec.cuda.driver.DeviceLostException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Executors without the GPU that a run needs, and executors that lose theirs. */
@ExtendWith(ClusterExtension.class)
class GpuClusterIT {
  private static final Duration MOST = Duration.ofSeconds(30);

  /** An illegal address. */
  private static final int STICKY = 700;

  @TempDir private Path folder;

  @Test
  void executorsThatSeeNoGpuEndTheRunAtOnce(Cluster cluster) throws Exception {
    Path output = folder.resolve("out");
    Jvm driver =
        cluster.submit(
            Spark.JAR,
            Map.of("spark.executorEnv.CUDA_VISIBLE_DEVICES", ""),
            Workload.DIGITS.gram(output.toString(), "--engine", "nd4j-cuda"));
    assertEquals(1, driver.exitCode(MOST), driver::printed);
    new Run(output.toString(), driver)
        .assertFails(
            1,
            "error (setup): GPU: the engine needs one, and this process sees none",
            "CUDA_VISIBLE_DEVICES is set to '', which hides all GPUs");
    assertFalse(Files.exists(output), driver::printed);
  }

  /** Spark asks a script on each worker, and hands out what it printed. */
  @Test
  void addressThatSparkGivesReachesTheEngine() throws Exception {
    Path script = folder.resolve("gpus.sh");
    Files.writeString(script, "#!/bin/sh\necho '{\"name\":\"gpu\",\"addresses\":[\"7\"]}'\n");
    assertEquals(true, script.toFile().setExecutable(true));
    Map<String, String> properties = new TreeMap<>();
    properties.put("spark.worker.resource.gpu.amount", "1");
    properties.put("spark.worker.resource.gpu.discoveryScript", script.toString());
    properties.put("spark.executor.resource.gpu.amount", "1");
    properties.put("spark.task.resource.gpu.amount", "0.5");
    properties.put("spark.executorEnv.CUDA_VISIBLE_DEVICES", "-1");
    String output = folder.resolve("out").toString();
    List<String> gram = Workload.DIGITS.gram(output, "--engine", "nd4j-cuda");
    String master = "local-cluster[1,1,%d]".formatted(Spark.HEAP_MIB);
    try (Jvm driver = Spark.submit(folder, master, Spark.JAR, properties, gram)) {
      new Run(output, driver)
          .assertFails(1, "error (setup): GPU: 7 was given to this process, which sees none");
    }
  }

  @Test
  void executorThatLosesItsGpuIsReplaced(Cluster cluster) {
    assumeTrue(Spark.isOf(package$.MODULE$.SPARK_VERSION()), "The cluster has another Spark");
    cluster.awaitExecutors(0);
    String jar = System.getProperty("tangents.jar");
    SparkConf conf =
        new SparkConf(false)
            .setMaster(cluster.master())
            .setAppName("a lost GPU")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.cores.max", "1")
            .set("spark.executor.cores", "1")
            .set("spark.executor.memory", Spark.HEAP_MIB + "m")
            .set("spark.plugins", "dev.tangents.job.TangentsPlugin")
            .set("spark.tangents.engine", "reference")
            // The task's class is one of the tests'.
            .set(
                "spark.executor.extraClassPath",
                jar + File.pathSeparator + Path.of("target", "test-classes").toAbsolutePath());
    String first;
    String second;
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      first = spark.parallelize(List.of(0), 1).map(task -> executor()).first();
      second = spark.parallelize(List.of(0), 1).map(task -> executorAfterALoss()).first();
    }
    assertNotEquals(first, second);
    await().atMost(MOST).until(() -> cluster.printed().contains("exited with code 20"));
  }

  private static String executor() {
    return SparkEnv.get().executorId();
  }

  private static String executorAfterALoss() {
    if (TaskContext.get().attemptNumber() == 0) {
      throw new IllegalStateException(
          "a tile failed",
          new DeviceLostException(STICKY, "cuLaunchKernel", "a fault of this test"));
    }
    return executor();
  }
}
