package dev.tangents.job.stage.session;

import dev.tangents.error.TangentsException;
import dev.tangents.job.TangentsPlugin;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.config.SparkDefaults;
import dev.tangents.job.config.SparkLayer;
import dev.tangents.job.doctor.Facts;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** What Spark is started with, as spark-submit says or embedded in this JVM, and what it has. */
public final class Sessions {
  private static final String PLUGINS = "spark.plugins";
  private static final long POLL_MILLIS = 100;

  private Sessions() {}

  /** Spark's properties for a run of {@code command}. */
  public static SparkConf conf(String command, Configuration configuration) {
    SparkConf conf = new SparkConf();
    Optional<String> master = configuration.find(Settings.MASTER);
    master.ifPresent(conf::setMaster);
    conf.setIfMissing(SparkDefaults.MASTER.key(), SparkDefaults.MASTER.value());
    conf.setIfMissing("spark.app.name", "tangents " + command);
    if (Facts.isLocal(conf.get("spark.master"))) {
      for (SparkDefaults.Property property : SparkDefaults.LOCAL) {
        conf.setIfMissing(property.key(), property.value());
      }
    }
    // An executor loads the engine when it starts, before it knows any task.
    pass(conf, Settings.ENGINE.key(), Setting.kebab(configuration.get(Settings.ENGINE)));
    pass(conf, Settings.HANG_MINUTES.key(), configuration.get(Settings.HANG_MINUTES).toString());
    pass(conf, GpuSettings.GPU_TASKS.key(), configuration.get(GpuSettings.GPU_TASKS).toString());
    configuration
        .find(GpuSettings.GPU)
        .ifPresent(device -> pass(conf, GpuSettings.GPU.key(), device));
    String plugin = TangentsPlugin.class.getName();
    String plugins = conf.get(PLUGINS, "");
    if (!plugins.contains(plugin)) {
      conf.set(PLUGINS, plugins.isEmpty() ? plugin : plugins + "," + plugin);
    }
    return conf;
  }

  private static void pass(SparkConf conf, String setting, String value) {
    conf.set(SparkLayer.PREFIX + setting, value);
  }

  /** How many tasks run beside each other in one executor's JVM. */
  public static int tasksPerJvm(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    // What one executor of several has, where each takes all that its worker offers.
    int all = spark.defaultParallelism();
    int cores = conf.getInt("spark.executor.cores", all / Math.max(1, executors(spark)));
    if (Facts.isLocal(spark.master())) {
      cores = all;
    }
    return Math.max(1, cores / conf.getInt("spark.task.cpus", 1));
  }

  /** Tasks that run at once, once an executor is there. */
  public static int slots(JavaSparkContext spark) {
    if (Facts.isLocal(spark.master())) {
      return spark.defaultParallelism();
    }
    spark.parallelize(List.of(0), 1).count(); // by now there is one
    return Math.max(1, executors(spark) * tasksPerJvm(spark));
  }

  /** Executors that are there now beside the driver; none where the driver computes. */
  public static int executors(JavaSparkContext spark) {
    return spark.sc().statusTracker().getExecutorInfos().length - 1;
  }

  /**
   * Stops what is computing and waits until no task is left: one of a job that has failed runs on
   * until its native work returns, and may write.
   */
  public static void awaitTasks(JavaSparkContext spark) {
    spark.sc().cancelAllJobs();
    try {
      do {
        Thread.sleep(POLL_MILLIS); // what Spark tells of its tasks is some milliseconds old
      } while (Arrays.stream(spark.sc().statusTracker().getExecutorInfos())
          .anyMatch(executor -> executor.numRunningTasks() > 0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TangentsException.internal("Run: interrupted while it waited for its tasks to end");
    }
  }
}
