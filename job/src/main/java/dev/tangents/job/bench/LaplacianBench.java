package dev.tangents.job.bench;

import dev.tangents.derivative.Hessians;
import dev.tangents.derivative.Laplacians;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.transform.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The forward Laplacian of a tanh network 64-256-256-O against its whole Hessian. */
final class LaplacianBench {
  private static final int N = 32;
  private static final int ROUNDS = 9;

  private LaplacianBench() {}

  static List<Row> run(Engine engine) {
    List<Row> rows = new ArrayList<>();
    rows.addAll(run(engine, 1, " (goal 1.8)"));
    rows.addAll(run(engine, 10, " (goal 8)"));
    return rows;
  }

  private static List<Row> run(Engine engine, int outputs, String goal) {
    try (Workbench bench = new Workbench(engine)) {
      Model model = BenchModels.load("mlp:64-256-256-%d:tanh?seed=1".formatted(outputs));
      String x = model.graph().inputs().get(0).name();
      HostTensor samples = Workbench.random(N, 64);
      Graph hessian = Hessians.forwardOverReverse(model.graph(), List.of(x));
      Graph laplacian = Laplacians.of(model.graph(), x);
      double[] s =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  bench.prepare(Batch.of(hessian, Set.of(x), N), model.weights(), samples),
                  bench.prepare(Batch.of(laplacian, Set.of(x), N), model.weights(), samples)));
      String name = "64-256-256-%d tanh, N 32, ".formatted(outputs);
      return List.of(
          Row.baseline(name + "Hessian, forward over reverse", s[0] * 1e3, "ms"),
          Row.faster(name + "forward Laplacian", s[1], s[0], "times its speed" + goal));
    }
  }
}
