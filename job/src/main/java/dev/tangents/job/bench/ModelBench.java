package dev.tangents.job.bench;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import dev.tangents.job.bench.Workbench.Prepared;
import dev.tangents.kernel.Networks;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code tangents bench model}: every derivative of one network over one batch, on one thread,
 * without Spark.
 */
public final class ModelBench {
  private static final int ROUNDS = 9;
  private static final long WARM_UP = 400_000_000;
  private static final double GIB = 1L << 30;

  /** Quantities that need a larger array are left out. */
  private static final double MOST_BYTES = GIB;

  private ModelBench() {}

  /**
   * Measures one quantity after the other on the ND4J engine.
   *
   * @param network f from x [D] to [O]
   * @param samples N, those of the batch
   */
  public static List<Measured> run(
      Graph network, Weights weights, int samples, Precision precision) {
    List<Measured> measured = new ArrayList<>();
    try (Engine engine = new Nd4jEngine(precision)) {
      for (Quantity quantity : Quantities.of(network, samples)) {
        measured.add(measure(engine, quantity, weights));
      }
    }
    return measured;
  }

  private static Measured measure(Engine engine, Quantity quantity, Weights weights) {
    double largest = largestArray(quantity.graph()) * engine.precision().bytes();
    if (largest > MOST_BYTES) {
      return Measured.leftOut(
          quantity.name(), "left out: an array of %.1f GiB".formatted(largest / GIB));
    }
    try (Workbench bench = new Workbench(engine)) {
      Prepared work =
          bench.prepare(quantity.graph(), weights, quantity.inputs().toArray(new HostTensor[0]));
      warmUp(work);
      double seconds = Turns.medianSeconds(ROUNDS, List.of(work))[0];
      double sum = 0;
      double squares = 0;
      for (DeviceTensor output : work.outputs()) {
        // Row by row, so that no Java array holds a whole result.
        for (long row = 0; row < output.shape().dim(0); row++) {
          for (double value : output.rows(row, row + 1).read().doubles()) {
            sum += value;
            squares += value * value;
          }
        }
      }
      return new Measured(quantity.name(), seconds * 1e3, sum, Math.sqrt(squares), "");
    } catch (TangentsException e) {
      if (e.category() != Category.RESOURCE) {
        throw e;
      }
      return Measured.leftOut(quantity.name(), "left out: " + e.getMessage());
    }
  }

  /** The first quantities would otherwise pay for the compilation of loops that all share. */
  private static void warmUp(Runnable work) {
    long end = System.nanoTime() + WARM_UP;
    do {
      work.run();
    } while (System.nanoTime() < end);
  }

  /** Numbers in the largest array that a run computes. */
  private static double largestArray(Graph graph) {
    double largest = 0;
    for (Node node : Networks.simplified(graph).nodes()) {
      double size = 1;
      for (long dim : node.type().shape().dims()) {
        size *= dim;
      }
      largest = Math.max(largest, size);
    }
    return largest;
  }
}
