package dev.tangents.job;

import dev.tangents.job.stage.ExecutorResources;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Opens the executor's shared resources when it starts, and closes them when it ends. */
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
      ExecutorResources.acquire();
    }

    @Override
    public void shutdown() {
      ExecutorResources.release();
    }
  }
}
