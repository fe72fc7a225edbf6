package dev.tangents.job.bench;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.nd4j.RawSgemm;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.job.bench.network.Perceptron;
import dev.tangents.job.bench.network.RandomNetwork;
import dev.tangents.job.bench.network.ResNet18;
import dev.tangents.job.bench.network.VisionTransformer;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Method;
import dev.tangents.kernel.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * {@code tangents bench networks}: tiles of the trace kernel of common architectures, in float on
 * one thread, as the planner decides and with one method for every parameter that allows it (the
 * planner's for the others). The baseline is a matrix product of the machine's BLAS, by turns with
 * each. Every tile is the largest that fits the bounds, for each method its own: methods compare by
 * the time for a pair of samples, in units of their own baseline's.
 *
 * <p>ResNet-18 and ViT-tiny have one output: of several, {@code gram} forms their tiles in passes
 * of one.
 */
public final class NetworksBench implements AutoCloseable {
  private static final int ROUNDS = 3;
  private static final int MICRO_BATCH = 8;

  /** Larger tiles run no faster. */
  private static final int MOST_SAMPLES = 2048;

  private static final long MOST_BYTES = 8L << 30;

  /** A tile of more operations would take seconds and measure nothing new. */
  private static final double MOST_FLOPS = 2e11;

  private final Engine engine = new Nd4jEngine(Precision.FLOAT);
  private final RawSgemm sgemm = new RawSgemm(2048, 2048, 1024);
  private final List<Row> rows = new ArrayList<>();

  private final long mostBytes;
  private final double mostFlops;

  /**
   * Opens an engine and makes the baseline.
   *
   * @param mostBytes of two panels, a tile and what is in flight while it is computed
   * @param mostFlops of a tile
   */
  NetworksBench(long mostBytes, double mostFlops) {
    this.mostBytes = mostBytes;
    this.mostFlops = mostFlops;
  }

  /** Measures on the ND4J engine. */
  public static List<Row> run() {
    try (NetworksBench bench = new NetworksBench(MOST_BYTES, MOST_FLOPS)) {
      bench.measure(Perceptron.of(List.of(784L, 1024L, 1024L, 10L)), 10);
      bench.measure(ResNet18.of(ResNet18.FULL_WIDTH, 10), 1);
      bench.measure(VisionTransformer.of(VisionTransformer.TINY, 10), 1);
      return bench.rows;
    }
  }

  /**
   * A tile as it was measured.
   *
   * @param samples on a side
   * @param flops operations of the tile
   * @param seconds of the tile
   * @param baseline operations a second of the matrix product beside it
   */
  private record Tile(int samples, double flops, double seconds, double baseline) {
    double share() {
      return flops / seconds / baseline;
    }

    /** Operations that the baseline would have done in a pair's time. */
    double costOfPair() {
      return seconds * baseline / samples / samples;
    }

    double microsecondsOfPair() {
      return seconds * 1e6 / samples / samples;
    }
  }

  /** The trace kernel of the first {@code outputs} outputs of a network. */
  List<Row> measure(RandomNetwork network, int outputs) {
    Tile planned = tile(network, outputs, Method.AUTO);
    String name = "%s, %d output%s".formatted(network.name(), outputs, outputs == 1 ? "" : "s");
    if (rows.isEmpty()) {
      rows.add(
          Row.baseline(
              "sgemm 2048 x 2048 x 1024, one thread", planned.baseline() * 1e-9, "GFLOP/s"));
    }
    rows.add(
        new Row(
            "%s: tile of %d".formatted(name, planned.samples()),
            planned.flops() / planned.seconds() * 1e-9,
            "GFLOP/s",
            planned.share(),
            "of sgemm beside it (goal 0.6)"));
    rows.add(
        new Row(
            name + ", planner's methods", planned.microsecondsOfPair(), "us a pair", 1, "of it"));
    for (Method method : Method.values()) {
      if (method != Method.AUTO) {
        Tile forced = tile(network, outputs, method);
        rows.add(
            new Row(
                "%s, %s: tile of %d"
                    .formatted(
                        name,
                        method.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        forced.samples()),
                forced.microsecondsOfPair(),
                "us a pair",
                forced.costOfPair() / planned.costOfPair(),
                "times the planner's time"));
      }
    }
    return rows;
  }

  private Tile tile(RandomNetwork network, int outputs, Method method) {
    Graph graph = Networks.select(network.graph(), IntStream.range(0, outputs).boxed().toList());
    List<String> parameters = graph.parameters().stream().map(Node.Parameter::name).toList();
    KernelRequest request = new KernelRequest(KernelKind.TRACE, false, parameters, method);
    for (int samples = MOST_SAMPLES; ; samples /= 2) {
      KernelPlan plan = KernelPlan.of(graph, request.planned(samples, outputs));
      if (samples > 1 && !fits(plan, samples)) {
        continue;
      }
      try {
        return tile(plan, network, samples);
      } catch (TangentsException e) {
        if (e.category() != Category.RESOURCE || samples == 1) {
          throw e; // else what is in flight may fit beside half the tile
        }
      }
    }
  }

  private Tile tile(KernelPlan plan, RandomNetwork network, int samples) {
    long features = network.graph().inputs().get(0).type().shape().size();
    try (KernelWork work =
        new KernelWork(engine, plan, network.weights(), features, samples, MICRO_BATCH, 2)) {
      double[] seconds = Turns.medianSeconds(ROUNDS, List.of(sgemm::run, work::tile));
      return new Tile(samples, work.tileFlops(), seconds[1], sgemm.flops() / seconds[0]);
    }
  }

  private boolean fits(KernelPlan plan, long samples) {
    long numbers =
        2 * samples * plan.factorNumbers()
            + plan.tileNumbers(samples, samples)
            + plan.tileWork(samples, samples);
    return numbers * engine.precision().bytes() <= mostBytes
        && plan.tileFlops(samples, samples) <= mostFlops;
  }

  @Override
  public void close() {
    sgemm.close();
    engine.close();
  }
}
