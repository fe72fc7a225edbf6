package dev.tangents.udfs.executor;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.kernel.MachineRates;
import dev.tangents.kernel.Rates;

/** Makes engines by name. The one place outside of kernels-bridge that knows their classes. */
public final class Engines {
  private Engines() {}

  /**
   * Opens one, for the calling thread.
   *
   * @throws TangentsException of category SETUP if it does not load here
   */
  public static Engine open(EngineName name, Precision precision) {
    return switch (name) {
      case ND4J -> new Nd4jEngine(precision);
      case REFERENCE -> new ReferenceEngine();
    };
  }

  /** Rates of this machine, or the reference's where its engine does not open here. */
  public static Rates rates(EngineName name, Precision precision) {
    try (Engine engine = open(name, precision)) {
      return MachineRates.of(engine);
    } catch (TangentsException e) {
      return Rates.REFERENCE;
    }
  }
}
