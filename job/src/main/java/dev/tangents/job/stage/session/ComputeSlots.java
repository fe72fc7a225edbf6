package dev.tangents.job.stage.session;

import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.config.SparkLayer;
import dev.tangents.job.doctor.Facts;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * How many tasks of a stage that computes run beside each other. Reading, sorting and writing take
 * every core; arithmetic on a GPU takes as many tasks as share it, and more of them would but wait
 * on one executor while another is idle. So these stages ask Spark for a share of the GPU.
 */
public final class ComputeSlots {
  private static final String GPU = "gpu";

  private ComputeSlots() {}

  /** A computation whose tasks ask Spark for the device that they compute on. */
  public static <T> JavaRDD<T> of(JavaRDD<T> stage) {
    return profile(stage.context().getConf()).map(stage::withResources).orElse(stage);
  }

  /** Tasks of such a stage in one executor's JVM. */
  public static int perJvm(JavaSparkContext spark) {
    int tasks = Sessions.tasksPerJvm(spark);
    SparkConf conf = spark.getConf();
    return onGpu(conf) ? (int) Math.min(tasks, value(conf, GpuSettings.GPU_TASKS)) : tasks;
  }

  /**
   * What a task asks for; nothing where the engine computes on the CPU, where Spark knows no GPUs,
   * and where it asks for executors as it needs them: for a profile it would start others.
   */
  static Optional<ResourceProfile> profile(SparkConf conf) {
    boolean scheduled =
        conf.contains("spark.executor.resource.gpu.amount")
            && !conf.getBoolean("spark.dynamicAllocation.enabled", false)
            && !Facts.isLocal(conf.get("spark.master", ""));
    if (!scheduled || !onGpu(conf)) {
      return Optional.empty();
    }
    TaskResourceRequests requests =
        new TaskResourceRequests()
            .cpus(conf.getInt("spark.task.cpus", 1))
            .resource(GPU, 1.0 / value(conf, GpuSettings.GPU_TASKS));
    return Optional.of(new ResourceProfileBuilder().require(requests).build());
  }

  private static boolean onGpu(SparkConf conf) {
    return value(conf, Settings.ENGINE).onGpu();
  }

  private static <T> T value(SparkConf conf, Setting<T> setting) {
    String key = SparkLayer.PREFIX + setting.key();
    return setting.parse(conf.get(key, setting.standard().orElseThrow()), "Spark property " + key);
  }
}
