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
          ExecutorResources.Limits.of(
              Duration.ofMinutes(value(context.conf(), Settings.HANG_MINUTES)),
              context.executorID(),
              value(context.conf(), Settings.MODEL_CACHE_MIB) << 20));
    }

    @Override
    public void shutdown() {
      ExecutorResources.release();
    }

    private static <T> T value(SparkConf conf, Setting<T> setting) {
      String key = SparkLayer.PREFIX + setting.key();
      String text = conf.get(key, setting.standard().orElseThrow());
      return setting.parse(text, "Spark property " + key);
    }
  }
}
