package dev.tangents.job.stage.session;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.dl4j.Dl4jImporter;
import dev.tangents.importer.dl4j.Dl4jVerifier;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.Engines;
import dev.tangents.udfs.model.ModelSpec;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Compares an imported model with the library that made it ({@code --verify-model}). */
final class ModelCheck {
  private static final int ROWS = 8;

  /**
   * Deeplearning4j computes in the file's width, mostly float; a wrong layer is off by far more.
   */
  private static final double TOLERANCE = 1e-3;

  private ModelCheck() {}

  /**
   * Runs a few random samples through both. A model that no other library made passes.
   *
   * @throws TangentsException of category MODEL if they differ
   */
  static void run(ModelSpec spec, Model model, Function<String, ModelSource> open) {
    if (!new Dl4jImporter().accepts(spec.model())) {
      return;
    }
    Random random = new Random(1);
    double[][] rows = new double[ROWS][(int) model.inputWidth()];
    double[][] outputs = new double[ROWS][];
    try (Engine engine = Engines.open(EngineName.REFERENCE, Precision.DOUBLE)) {
      for (int n = 0; n < ROWS; n++) {
        for (int d = 0; d < rows[n].length; d++) {
          rows[n][d] = random.nextGaussian();
        }
        HostTensor x = HostTensor.of(model.graph().inputs().get(0).type().shape(), rows[n].clone());
        outputs[n] = engine.evaluate(model.graph(), model.weights(), List.of(x)).get(0).doubles();
      }
    }
    double difference =
        Dl4jVerifier.of(open.apply(spec.model()), spec.options())
            .maxRelativeDifference(rows, outputs);
    if (!(difference <= TOLERANCE)) {
      throw TangentsException.model(
          "Model %s: the imported network and Deeplearning4j differ by %.3g of the largest output on %d"
              + " random samples; expected at most %.0e. Please report this model; --no-verify-model goes"
              + " on without the check",
          spec.model(), difference, ROWS, TOLERANCE);
    }
  }
}
