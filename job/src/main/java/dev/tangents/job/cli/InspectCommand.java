package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.ModelSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.plan.ModelSummary;
import dev.tangents.job.report.Console;
import dev.tangents.udfs.model.ModelSpec;
import java.util.List;

/** {@code tangents inspect}: what a model is, without data and without Spark. */
public final class InspectCommand implements Command {
  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String summary() {
    return "What a model is: inputs, outputs, D, O, P, every parameter, and how the kernel would take it. Fails where it"
        + " cannot be differentiated.";
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
        Settings.PARAMS,
        Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    ModelSpec.Loaded loaded = LocalModel.load(configuration);
    ModelSummary summary = ModelSummary.of(loaded, configuration.get(Settings.PARAMS));
    console.out().print(configuration.get(Settings.JSON) ? summary.json() : summary.text());
  }
}
