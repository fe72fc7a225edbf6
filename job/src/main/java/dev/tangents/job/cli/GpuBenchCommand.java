package dev.tangents.job.cli;

import dev.tangents.job.bench.GpuBench;
import dev.tangents.job.bench.Row;
import dev.tangents.job.bench.Table;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.udfs.executor.GpuRequest;
import java.util.List;

/** {@code tangents bench gpu}: the engine {@code cuda} on the GPU of this machine. */
public final class GpuBenchCommand implements Command {
  private static final long SAMPLES = 65_536;
  private static final String INSTEAD =
      "Or measure the CPU: 'tangents bench gram', 'tangents bench kernel'";

  @Override
  public String name() {
    return "bench gpu";
  }

  @Override
  public String summary() {
    return "Kernel arithmetic on a GPU in each --precision, N = 65,536 samples (--limit), against cuBLAS in the same"
        + " run; needs a GPU.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(GpuSettings.GPU, Settings.LIMIT, Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    GpuRequest request =
        GpuRequest.of("driver", configuration.find(GpuSettings.GPU).stream().toList())
            .orInstead(INSTEAD);
    List<Row> rows =
        GpuBench.run(
            request,
            configuration.find(Settings.LIMIT).orElse(SAMPLES),
            text -> console.err().println("note: " + text));
    console.out().print(configuration.get(Settings.JSON) ? Table.json(rows) : Table.text(rows));
  }
}
