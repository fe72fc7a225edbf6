package dev.tangents.job.stage.sample;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.input.InputTable;
import java.util.Map;
import java.util.Optional;

/** How a configuration says that its tables are read. */
public final class Tables {
  private Tables() {}

  /** How tables are read whose rows may have a label. */
  public static InputTable.Spec spec(Configuration configuration) {
    return spec(configuration, configuration.find(Settings.LABEL), Map.of());
  }

  /** How tables are read that have columns of further vectors, by their flags, and no label. */
  public static InputTable.Spec spec(Configuration configuration, Map<String, String> vectors) {
    return spec(configuration, Optional.empty(), vectors);
  }

  private static InputTable.Spec spec(
      Configuration configuration, Optional<String> label, Map<String, String> vectors) {
    return new InputTable.Spec(
        configuration.get(Settings.FORMAT),
        configuration.get(Settings.FEATURES),
        configuration.find(Settings.ID),
        label,
        configuration.find(Settings.WHERE),
        configuration.get(Settings.BINARY_TYPE),
        configuration.get(Settings.DTYPE),
        configuration.get(Settings.SCALE),
        configuration.get(Settings.SHIFT),
        vectors);
  }
}
