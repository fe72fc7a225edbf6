package dev.tangents.job.bench;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Node;
import dev.tangents.kernel.KernelPlan;
import java.util.List;

/**
 * {@code tangents bench kernel}: the kernel of N samples with themselves on one thread, without
 * Spark. The plan is prepared beforehand, as a task does it once for all its tiles.
 */
public final class KernelBench {
  private static final int ROUNDS = 5;

  private KernelBench() {}

  /**
   * Measures on the ND4J engine.
   *
   * @param samples N
   * @param microBatch samples in one network pass, at most N of them
   * @throws TangentsException of category USER if the model takes integers, for which there are no
   *     sample values that every model knows
   */
  public static KernelFigures run(
      Model model, KernelPlan plan, int samples, int microBatch, Precision precision) {
    for (Node.Input input : model.graph().inputs()) {
      if (!input.type().isReal()) {
        throw TangentsException.user(
            "bench kernel: the model takes %s; expected real features. Measure it by 'tangents gram'",
            input.type());
      }
    }
    try (Engine engine = new Nd4jEngine(precision);
        KernelWork work =
            new KernelWork(
                engine, plan, model.weights(), model.inputWidth(), samples, microBatch, 1)) {
      double[][] seconds = Turns.seconds(ROUNDS, List.of(work::network, work::tile));
      DeviceTensor block = work.tile().block(0);
      boolean kept = block.shape().size() <= KernelFigures.MOST_VALUES;
      return new KernelFigures(
          model.description(),
          samples,
          plan.outputs(),
          model.parameterCount(),
          KernelFigures.Part.of(work.networkFlops(), seconds[0]),
          KernelFigures.Part.of(work.tileFlops(), seconds[1]),
          block.shape(),
          kept ? block.read().doubles() : new double[0]);
    }
  }
}
