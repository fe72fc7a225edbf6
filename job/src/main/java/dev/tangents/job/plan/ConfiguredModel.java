package dev.tangents.job.plan;

import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Tie;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.model.Selections;
import java.util.List;

/** The model that a configuration names. */
public final class ConfiguredModel {
  private ConfiguredModel() {}

  /** What the configuration asks for. */
  public static ModelSpec of(Configuration configuration) {
    return new ModelSpec(
        configuration.get(Settings.MODEL),
        ImportOptions.defaults()
            .withOutput(configuration.get(Settings.MODEL_OUTPUT))
            .withTies(configuration.find(Settings.TIE).map(Tie::parse).orElse(List.of()))
            .withBatchAxes(
                configuration
                    .find(Settings.BATCH_AXIS)
                    .map(BatchAxes::parse)
                    .orElse(BatchAxes.first()))
            .withTrained(
                configuration.find(Settings.TRAINED).map(Selections::patterns).orElse(List.of())),
        configuration.find(Settings.SELECT_OUTPUTS).map(Selections::outputs).orElse(List.of()));
  }
}
