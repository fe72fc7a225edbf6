package dev.tangents.job.cli;

import dev.tangents.job.bench.KernelBench;
import dev.tangents.job.bench.KernelFigures;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.ModelSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.report.Console;
import java.util.List;
import org.apache.spark.SparkConf;

/** {@code tangents bench kernel}: the kernel of a user's network, timed on one thread. */
public final class KernelBenchCommand implements Command {
  @Override
  public String name() {
    return "bench kernel";
  }

  @Override
  public String summary() {
    return "Seconds of network passes and tile of --model's kernel, with the kernel under --json.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        Settings.MODEL,
        Settings.MODEL_OUTPUT,
        ModelSettings.TIE,
        ModelSettings.TRAINED,
        Settings.SELECT_OUTPUTS,
        Settings.PARAMS,
        Settings.KERNEL,
        Settings.METHOD,
        Settings.SAMPLES,
        Settings.MICRO_BATCH,
        Settings.DTYPE,
        Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    int samples = Math.toIntExact(configuration.get(Settings.SAMPLES));
    int microBatch = (int) Math.min(samples, configuration.get(Settings.MICRO_BATCH));
    HadoopFiles files = HadoopFiles.of(new SparkConf());
    NetworkSpec.Network loaded =
        NetworkSpec.of(configuration).load(files::model).planned(samples, 0);
    KernelFigures figures =
        KernelBench.run(
            loaded.model(), loaded.plan(), samples, microBatch, configuration.get(Settings.DTYPE));
    console.out().print(configuration.get(Settings.JSON) ? figures.json() : figures.text());
  }
}
