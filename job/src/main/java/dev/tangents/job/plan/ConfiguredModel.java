package dev.tangents.job.plan;

import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Tie;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.ModelSettings;
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
            .withTies(configuration.find(ModelSettings.TIE).map(Tie::parse).orElse(List.of()))
            .withBatchAxes(
                configuration
                    .find(ModelSettings.BATCH_AXIS)
                    .map(BatchAxes::parse)
                    .orElse(BatchAxes.first()))
            .withTrained(
                configuration
                    .find(ModelSettings.TRAINED)
                    .map(Selections::patterns)
                    .orElse(List.of())),
        configuration.find(Settings.SELECT_OUTPUTS).map(Selections::outputs).orElse(List.of()));
  }
}
