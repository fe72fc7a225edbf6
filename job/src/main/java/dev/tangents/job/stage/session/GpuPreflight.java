package dev.tangents.job.stage.session;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.doctor.Facts;
import dev.tangents.job.report.Console;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.Engines;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.GpuRequest;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Ends a run that has no GPU to compute on before it reads anything, whatever its size.
 *
 * @param engine that was asked for
 * @param local whether the driver computes
 */
record GpuPreflight(EngineName engine, boolean local) {
  private static final long PATIENCE_MILLIS = 15_000;

  /**
   * Looks at what was asked for and, where the driver computes, for the device.
   *
   * @param arithmetic that tiles are formed in; strict where there are none
   * @throws TangentsException of category USER or SETUP with what to do
   */
  static GpuPreflight of(Configuration configuration, SparkConf conf, Arithmetic arithmetic) {
    EngineName engine = configuration.get(Settings.ENGINE);
    boolean local = Facts.isLocal(conf.get("spark.master"));
    if (configuration.get(GpuSettings.REQUIRE_GPU) && !engine.onGpu()) {
      throw TangentsException.user(
          "require-gpu: the engine %s computes on the CPU. Give --engine cuda, or leave --require-gpu out",
          Setting.kebab(engine));
    }
    if (local) {
      requireNoKeys(conf);
    } else if (configuration.find(GpuSettings.GPU).isPresent()) {
      throw TangentsException.user(
          "gpu: names a GPU in local mode; on %s Spark gives each executor its own. Leave it out, and see"
              + " conf/spark/gpu-*.conf",
          conf.get("spark.master"));
    }
    if (local && !configuration.get(Settings.DRY_RUN)) {
      Engines.requireDevice(engine, request(configuration), arithmetic);
    }
    return new GpuPreflight(engine, local);
  }

  private static GpuRequest request(Configuration configuration) {
    return GpuRequest.of("driver", configuration.find(GpuSettings.GPU).stream().toList());
  }

  private static void requireNoKeys(SparkConf conf) {
    List<String> keys =
        Stream.of(conf.getAll()).map(pair -> pair._1()).filter(Facts::isGpuKey).sorted().toList();
    if (!keys.isEmpty()) {
      throw TangentsException.user(
          "%s: with %s Spark offers no GPU, so it would schedule nothing and seem to hang. Unset these; --gpu names"
              + " the device in local mode",
          String.join(", ", keys), conf.get("spark.master"));
    }
  }

  /**
   * Has executors load the engine, and hears why where one has no GPU. A task that answers is not
   * tried again, as one that fails would be, and counts against no executor.
   *
   * @throws TangentsException of category SETUP with what to do
   */
  void run(JavaSparkContext spark, Console console) {
    if (local || !engine.onGpu()) {
      return;
    }
    Thread impatient = new Thread(() -> tell(spark, console), "tangents-preflight");
    impatient.setDaemon(true);
    impatient.start();
    int tasks = Math.max(1, Sessions.executors(spark) * Sessions.tasksPerJvm(spark));
    try {
      spark
          .parallelize(Collections.nCopies(tasks, 0), tasks)
          .map(task -> failure())
          .collect()
          .stream()
          .filter(failure -> !failure.isEmpty())
          .findFirst()
          .ifPresent(
              failure -> {
                throw TangentsException.setup("%s", failure);
              });
    } finally {
      impatient.interrupt();
    }
  }

  private static String failure() {
    try {
      ExecutorResources.engine();
      return "";
    } catch (TangentsException e) {
      return "executor " + SparkEnv.get().executorId() + ": " + e.getMessage();
    }
  }

  /** Spark itself says nothing when no worker has what executors ask for. */
  private static void tell(JavaSparkContext spark, Console console) {
    try {
      Thread.sleep(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      return;
    }
    if (Sessions.executors(spark) == 0) {
      console
          .err()
          .println(
              "note: no executor yet. It waits for a worker that offers spark.executor.resource.gpu.amount GPUs"
                  + " beside cores and memory; 'tangents doctor' looks for the cause");
    }
  }
}
