package dev.tangents.job.stage;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.InputTable;
import java.util.Optional;

/** How a configuration says that its tables are read. */
final class Tables {
  private Tables() {}

  static InputTable.Spec spec(Configuration configuration) {
    return spec(configuration, Optional.empty());
  }

  /** With columns of a second vector. */
  static InputTable.Spec spec(Configuration configuration, Optional<String> direction) {
    return new InputTable.Spec(
        configuration.get(Settings.FORMAT),
        configuration.get(Settings.FEATURES),
        configuration.find(Settings.ID),
        configuration.find(Settings.LABEL),
        configuration.find(Settings.WHERE),
        configuration.get(Settings.BINARY_TYPE),
        configuration.get(Settings.SCALE),
        configuration.get(Settings.SHIFT),
        direction);
  }
}
