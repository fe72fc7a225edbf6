package dev.tangents.job.bench;

import dev.tangents.derivative.Jacobians;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.importer.Model;
import java.util.ArrayList;
import java.util.List;

/**
 * Case S3: the Jacobian of one layer tanh(W x + b) by x, of one sample, in both modes and in the
 * one that is chosen.
 */
final class ModeBench {
  private static final int[][] SIZES = {{2048, 32}, {32, 2048}, {512, 512}};
  private static final int ROUNDS = 15;

  private ModeBench() {}

  static List<Row> run(Engine engine) {
    List<Row> rows = new ArrayList<>();
    for (int[] size : SIZES) {
      rows.addAll(run(engine, size[0], size[1]));
    }
    return rows;
  }

  private static List<Row> run(Engine engine, int outputs, int inputs) {
    try (Workbench bench = new Workbench(engine)) {
      Model model = BenchModels.load("mlp:%d-%d:tanh?out=tanh&seed=1".formatted(inputs, outputs));
      List<String> x = List.of(model.graph().inputs().get(0).name());
      HostTensor sample = Workbench.random(inputs);
      double[] s =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  bench.prepare(Jacobians.forward(model.graph(), x), model.weights(), sample),
                  bench.prepare(Jacobians.reverse(model.graph(), x), model.weights(), sample),
                  bench.prepare(Jacobians.of(model.graph(), x), model.weights(), sample)));
      String name = "S3 Jacobian %d x %d, ".formatted(outputs, inputs);
      double better = Math.min(s[0], s[1]);
      String meaning = "x the better mode";
      return List.of(
          Row.times(name + "forward", s[0], better, meaning),
          Row.times(name + "reverse", s[1], better, meaning),
          Row.times(name + "auto", s[2], better, meaning + " (goal 1.1)"));
    }
  }
}
