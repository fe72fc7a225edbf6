package dev.tangents.job;

import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.config.SparkLayer;
import dev.tangents.udfs.executor.ExecutorResources;
import java.time.Duration;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Opens the executor's shared resources when it starts, registers its metrics and loads the engine
 * ahead of the first task; closes all when the executor ends.
 */
public final class TangentsPlugin implements SparkPlugin {
  /** Exit code of an executor whose native work hung. */
  private static final int HUNG = 75;

  /** The name of the driver among executors, where it computes itself. */
  private static final String DRIVER = "driver";

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Resources();
  }

  private static final class Resources implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      ExecutorResources.acquire(
          context.metricRegistry(),
          value(context.conf(), Settings.ENGINE),
          new ExecutorResources.Limits(
              Duration.ofMinutes(value(context.conf(), Settings.HANG_MINUTES)),
              () -> end(context.executorID())));
    }

    @Override
    public void shutdown() {
      ExecutorResources.release();
    }

    /**
     * Ends an executor whose native work hangs: nothing else gives back its core and its memory.
     * Spark runs its tasks on others.
     */
    private static void end(String executor) {
      if (!executor.equals(DRIVER)) {
        System.err.println("Tangents: native work hangs, executor " + executor + " ends itself");
        Runtime.getRuntime().halt(HUNG);
      }
    }

    private static <T> T value(SparkConf conf, Setting<T> setting) {
      String key = SparkLayer.PREFIX + setting.key();
      String text = conf.get(key, setting.standard().orElseThrow());
      return setting.parse(text, "Spark property " + key);
    }
  }
}
