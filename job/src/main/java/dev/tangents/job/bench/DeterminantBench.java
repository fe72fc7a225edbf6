package dev.tangents.job.bench;

import dev.tangents.derivative.Determinants;
import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Losses;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.nd4j.RawSgemm;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.job.bench.Workbench.Prepared;
import dev.tangents.transform.Batch;
import java.util.List;
import java.util.Set;

/**
 * Case S1: two inputs, two tanh layers of one width, two linear outputs, a batch of 4,096. The
 * determinant of each sample's Jacobian, and the gradient of the mean of (det J - 1)^2 by every
 * parameter.
 */
final class DeterminantBench {
  private static final int N = 4096;
  private static final int ROUNDS = 15;
  private static final int WIDE = 256;
  private static final int NARROW = 5;

  private DeterminantBench() {}

  static List<Row> run(Engine engine) {
    try (Workbench bench = new Workbench(engine);
        RawSgemm sgemm = new RawSgemm(N, WIDE, WIDE)) {
      Case wide = new Case(bench, WIDE);
      Case narrow = new Case(bench, NARROW);
      double[] s =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  () -> thrice(sgemm),
                  wide.forward,
                  wide.determinant,
                  wide.meanSquare,
                  wide.determinantLoss,
                  narrow.forward,
                  narrow.determinant,
                  narrow.meanSquare,
                  narrow.determinantLoss));
      String sgemms = "x the three sgemms";
      String passes = "x the forward pass";
      String steps = "x the mean-square gradient";
      return List.of(
          Row.baseline("S1, three sgemms of 4096 x 256 x 256", s[0] * 1e3, "ms"),
          Row.times("S1 width 256, forward pass", s[1], s[0], sgemms),
          Row.times("S1 width 256, determinant", s[2], s[0], sgemms + " (goal 2.5)"),
          Row.baseline("S1 width 256, mean-square gradient", s[3] * 1e3, "ms"),
          Row.times("S1 width 256, determinant-loss gradient", s[4], s[3], steps + " (goal 4)"),
          Row.baseline("S1 width 5, forward pass", s[5] * 1e3, "ms"),
          Row.times("S1 width 5, determinant", s[6], s[5], passes + " (goal 6)"),
          Row.baseline("S1 width 5, mean-square gradient", s[7] * 1e3, "ms"),
          Row.times("S1 width 5, determinant-loss gradient", s[8], s[7], steps + " (goal 4)"));
    }
  }

  private static void thrice(RawSgemm sgemm) {
    for (int i = 0; i < 3; i++) {
      sgemm.run();
    }
  }

  /** The four computations at one width. */
  private static final class Case {
    private final Prepared forward;
    private final Prepared determinant;
    private final Prepared meanSquare;
    private final Prepared determinantLoss;

    Case(Workbench bench, int width) {
      Model model = BenchModels.load("mlp:2-%d-%d-2:tanh?seed=1".formatted(width, width));
      Graph network = model.graph();
      String x = network.inputs().get(0).name();
      List<String> names = network.parameters().stream().map(Node.Parameter::name).toList();
      HostTensor samples = Workbench.random(N, 2);
      HostTensor targets = Workbench.random(N, 2);
      Graph determinants = Determinants.of(network, x);
      Graph det = determinants.withOutputs(List.of(determinants.outputs().get(2)));
      Graph loss = Losses.on(network, Losses.meanSquare());
      forward = bench.prepare(Batch.of(network, Set.of(x), N), model.weights(), samples);
      determinant = bench.prepare(Batch.of(det, Set.of(x), N), model.weights(), samples);
      meanSquare = bench.prepare(Gradients.mean(loss, names, N), model.weights(), samples, targets);
      determinantLoss =
          bench.prepare(
              Gradients.mean(Determinants.loss(network, x), names, N), model.weights(), samples);
    }
  }
}
