package dev.tangents.importer;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Shape;
import java.util.List;

/** Runs an imported model on the reference engine. */
public final class Evaluate {
  private Evaluate() {}

  /** f(x) for one sample. */
  public static double[] at(Model model, double... x) {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      HostTensor input = HostTensor.of(Shape.of(x.length), x);
      return engine.evaluate(model.graph(), model.weights(), List.of(input)).get(0).doubles();
    }
  }
}
