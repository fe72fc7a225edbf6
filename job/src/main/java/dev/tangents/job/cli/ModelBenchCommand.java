package dev.tangents.job.cli;

import dev.tangents.job.bench.Measured;
import dev.tangents.job.bench.ModelBench;
import dev.tangents.job.bench.Table;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.ModelSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.udfs.model.ModelSpec;
import java.util.List;

/** {@code tangents bench model}: the derivatives of a user's network, timed. */
public final class ModelBenchCommand implements Command {
  @Override
  public String name() {
    return "bench model";
  }

  @Override
  public String summary() {
    return "Milliseconds of each derivative of --model over one batch, with sums for comparison.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        Settings.MODEL,
        Settings.MODEL_OUTPUT,
        ModelSettings.TIE,
        ModelSettings.BATCH_AXIS,
        ModelSettings.TRAINED,
        Settings.SELECT_OUTPUTS,
        Settings.BATCH,
        Settings.DTYPE,
        Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    ModelSpec.Loaded loaded = LocalModel.load(configuration);
    List<Measured> measured =
        ModelBench.run(
            loaded.graph(),
            loaded.model().weights(),
            Math.toIntExact(configuration.get(Settings.BATCH)),
            configuration.get(Settings.DTYPE));
    console
        .out()
        .print(
            configuration.get(Settings.JSON)
                ? Table.measuredJson(measured)
                : Table.measuredText(measured));
  }
}
