package dev.tangents.job;

import dev.tangents.job.config.Choices.EngineName;
import dev.tangents.job.config.Settings;
import dev.tangents.job.config.SparkLayer;
import dev.tangents.job.stage.ExecutorResources;
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
      ExecutorResources.acquire(context.metricRegistry(), engine(context.conf()));
    }

    @Override
    public void shutdown() {
      ExecutorResources.release();
    }

    private static EngineName engine(SparkConf conf) {
      String key = SparkLayer.PREFIX + Settings.ENGINE.key();
      String text = conf.get(key, Settings.ENGINE.standard().orElseThrow());
      return Settings.ENGINE.parse(text, "Spark property " + key);
    }
  }
}
