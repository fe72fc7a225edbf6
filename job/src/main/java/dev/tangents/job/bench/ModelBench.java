package dev.tangents.job.bench;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
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
import java.util.Locale;

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
   * @throws TangentsException of category USER if the batch itself would take more than 1 GiB
   */
  public static List<Measured> run(
      Graph network, Weights weights, int samples, Precision precision) {
    if (network.inputs().size() > 1) {
      throw TangentsException.user(
          "bench model: the network takes real and integer inputs; expected one kind. Choose another --model");
    }
    requireBatch(network, samples);
    List<Measured> measured = new ArrayList<>();
    try (Engine engine = new Nd4jEngine(precision)) {
      for (Workload workload : Workloads.of(network, samples)) {
        measured.add(measure(engine, workload, weights));
      }
    }
    return measured;
  }

  /** The arguments are made as doubles on the heap, so their bound is that of any array. */
  private static void requireBatch(Graph network, int samples) {
    long features = network.inputs().get(0).type().shape().size();
    long numbers = Math.max(features, network.outputTypes().get(0).shape().size());
    double bytes = (double) samples * numbers * Double.BYTES;
    if (bytes > MOST_BYTES) {
      throw TangentsException.user(
          "batch: %,d samples of %,d numbers take %.1f GiB; expected at most 1. Choose a smaller --batch",
          samples, numbers, bytes / GIB);
    }
  }

  private static Measured measure(Engine engine, Workload workload, Weights weights) {
    double largest = largestArray(workload.graph()) * engine.precision().bytes();
    if (largest > MOST_BYTES) {
      return Measured.leftOut(
          workload.name(),
          String.format(Locale.ROOT, "left out: an array of %.1f GiB", largest / GIB));
    }
    try (Workbench bench = new Workbench(engine)) {
      Prepared work =
          bench.prepare(workload.graph(), weights, workload.inputs().toArray(new HostTensor[0]));
      warmUp(work);
      double seconds = Turns.medianSeconds(ROUNDS, List.of(work))[0];
      return Measured.of(workload.name(), seconds * 1e3, work.outputs());
    } catch (TangentsException e) {
      if (e.category() != Category.RESOURCE) {
        throw e;
      }
      return Measured.leftOut(workload.name(), "left out: " + e.getMessage());
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
