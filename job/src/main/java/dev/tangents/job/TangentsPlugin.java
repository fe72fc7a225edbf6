package dev.tangents.job;

import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.config.SparkLayer;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.Engines;
import dev.tangents.udfs.executor.ExecutorEnd;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.GpuRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;

/**
 * Opens the executor's shared resources when it starts, registers its metrics and loads the engine
 * ahead of the first task, on the GPU that Spark gave the executor; ends the executor when that GPU
 * is lost to it; closes all when it ends.
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
    private String executor = "";

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      SparkConf conf = context.conf();
      executor = context.executorID();
      EngineName engine = value(conf, Settings.ENGINE);
      ExecutorResources.Limits limits =
          ExecutorResources.Limits.of(
              Duration.ofMinutes(value(conf, Settings.HANG_MINUTES)),
              executor,
              value(conf, Settings.MODEL_CACHE_MIB) << 20);
      ExecutorResources.acquire(
          context.metricRegistry(),
          engine,
          GpuRequest.of(executor, gpus(context)),
          engine.onGpu() ? limits.atOnce(value(conf, GpuSettings.GPU_TASKS).intValue()) : limits);
    }

    /** What Spark gave the executor; in local mode, where it gives none, what the user named. */
    private static List<String> gpus(PluginContext context) {
      ResourceInformation given = context.resources().get("gpu");
      if (given != null) {
        return List.of(given.addresses());
      }
      String named = context.conf().get(SparkLayer.PREFIX + GpuSettings.GPU.key(), "");
      return named.isEmpty() ? List.of() : List.of(named);
    }

    /** A process that has lost its GPU fails every task that it gets, so it gets no more. */
    @Override
    public void onTaskFailed(TaskFailedReason reason) {
      if (reason instanceof ExceptionFailure failure
          && failure.exception().exists(Engines::lostGpu)) {
        ExecutorEnd.GPU_LOST.end(executor, ": " + failure.description());
      }
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
