package dev.tangents.job.stage;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.job.config.Choices.EngineName;

/** Makes engines by name. The one place of the job that knows their classes. */
final class Engines {
  private Engines() {}

  static Engine open(EngineName name, Precision precision) {
    return switch (name) {
      case ND4J -> new Nd4jEngine(precision);
      case REFERENCE -> new ReferenceEngine();
    };
  }
}
