package dev.tangents.it.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tangents.exec.cuda.driver.DeviceLostException;
import dev.tangents.job.stage.session.ComputeSlots;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
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

  private static final Map<String, String> GPU =
      Map.of("spark.executor.resource.gpu.amount", "1", "spark.task.resource.gpu.amount", "0.25");

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
            "error (setup): executor ",
            ": GPU: the engine needs one, and this process sees none",
            "CUDA_VISIBLE_DEVICES is set to '', which hides all GPUs");
    assertFalse(Files.exists(output), driver::printed);
  }

  /** Spark asks a script on each Worker, and hands out what it printed. */
  @Test
  void addressThatSparkGivesReachesTheEngine() throws Exception {
    try (Cluster own = withFakeGpu(1)) {
      String output = folder.resolve("out").toString();
      Map<String, String> properties = new TreeMap<>(GPU);
      properties.put("spark.executorEnv.CUDA_VISIBLE_DEVICES", "-1");
      List<String> gram = Workload.DIGITS.gram(output, "--engine", "nd4j-cuda");
      new Run(output, own.submit(Spark.JAR, properties, gram))
          .assertFails(1, ": GPU: 7 was given to this process, which sees none");
    }
  }

  /** Stages that compute run two tasks to a GPU, others one to a core. */
  @Test
  void tasksThatComputeShareAGpu() throws Exception {
    SparkConf conf = conf().set("spark.tangents.engine", "nd4j-cuda");
    conf.set("spark.executor.cores", "4").set("spark.cores.max", "4");
    GPU.forEach(conf::set);
    try (Cluster own = withFakeGpu(4);
        JavaSparkContext spark = new JavaSparkContext(conf.setMaster(own.master()))) {
      JavaRDD<Integer> eight = spark.parallelize(Collections.nCopies(8, 0), 8);
      assertEquals(4, atOnce(eight.map(task -> Moment.last())));
      assertEquals(2, atOnce(ComputeSlots.of(eight).map(task -> Moment.last())));
    }
  }

  /** A Worker that offers a GPU, number 7, which is none. */
  private Cluster withFakeGpu(int cores) throws IOException {
    Path script = folder.resolve("gpus.sh");
    Files.writeString(script, "#!/bin/sh\necho '{\"name\":\"gpu\",\"addresses\":[\"7\"]}'\n");
    assertTrue(script.toFile().setExecutable(true));
    String offer = "spark.worker.resource.gpu.";
    Path properties = folder.resolve("worker.conf");
    Files.writeString(
        properties, offer + "amount 1\n" + offer + "discoveryScript " + script + "\n");
    return new Cluster(folder, 1, cores, List.of("--properties-file", properties.toString()));
  }

  /**
   * How long a task lasted, by the clock that all processes of a machine share.
   *
   * @param address of the GPU that Spark gave it
   */
  private record Moment(long start, long end, String address) implements Serializable {
    static Moment last() throws InterruptedException {
      long start = System.currentTimeMillis();
      Thread.sleep(1000);
      String address = TaskContext.get().resourcesJMap().get("gpu").addresses()[0];
      return new Moment(start, System.currentTimeMillis(), address);
    }
  }

  /** The most that ran beside each other; all with the one address. */
  private static long atOnce(JavaRDD<Moment> tasks) {
    List<Moment> moments = tasks.collect();
    moments.forEach(moment -> assertEquals("7", moment.address()));
    return moments.stream()
        .mapToLong(
            one ->
                moments.stream()
                    .filter(other -> other.start() <= one.start() && one.start() < other.end())
                    .count())
        .max()
        .orElseThrow();
  }

  @Test
  void executorThatLosesItsGpuIsReplaced(Cluster cluster) {
    cluster.awaitExecutors(0);
    SparkConf conf =
        conf()
            .setMaster(cluster.master())
            .set("spark.cores.max", "1")
            .set("spark.plugins", "dev.tangents.job.TangentsPlugin")
            .set("spark.tangents.engine", "reference");
    String first;
    String second;
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      first = spark.parallelize(List.of(0), 1).map(task -> executor()).first();
      second = spark.parallelize(List.of(0), 1).map(task -> executorAfterALoss()).first();
    }
    assertNotEquals(first, second);
    await().atMost(MOST).until(() -> cluster.printed().contains("exited with code 20"));
  }

  /** This JVM as a driver, whose tasks are classes of the tests. */
  private static SparkConf conf() {
    assumeTrue(Spark.isOf(package$.MODULE$.SPARK_VERSION()), "The cluster has another Spark");
    String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
    return new SparkConf(false)
        .setAppName("GPUs")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.executor.cores", "1")
        .set("spark.executor.memory", Spark.HEAP_MIB + "m")
        .set(
            "spark.executor.extraClassPath",
            System.getProperty("tangents.jar") + File.pathSeparator + classes);
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
