package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.job.config.Choices.EngineName;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.kernel.MachineRates;
import dev.tangents.kernel.Rates;

/** Makes engines by name. The one place of the job that knows their classes. */
final class Engines {
  private Engines() {}

  static Engine open(EngineName name, Precision precision) {
    return switch (name) {
      case ND4J -> new Nd4jEngine(precision);
      case REFERENCE -> new ReferenceEngine();
    };
  }

  /** Rates of this machine, or the reference's where its engine does not open here. */
  static Rates rates(Configuration configuration) {
    try (Engine engine =
        open(configuration.get(Settings.ENGINE), configuration.get(Settings.DTYPE))) {
      return MachineRates.of(engine);
    } catch (TangentsException e) {
      return Rates.REFERENCE;
    }
  }
}
