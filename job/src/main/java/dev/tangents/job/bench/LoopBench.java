package dev.tangents.job.bench;

import dev.tangents.derivative.Hessians;
import dev.tangents.derivative.Jacobians;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Case S3: what a batch saves against a loop, for one layer tanh(W x + b). The loops run a prepared
 * graph where it is not said otherwise: they are no slower than a loop must be.
 */
final class LoopBench {
  private static final int ROUNDS = 15;
  private static final int N = 64;

  private LoopBench() {}

  static List<Row> run(Engine engine) {
    List<Row> rows = new ArrayList<>(overSamples(engine));
    rows.addAll(overRows(engine));
    return rows;
  }

  private static List<Row> overSamples(Engine engine) {
    try (Workbench bench = new Workbench(engine)) {
      Model model = BenchModels.load("mlp:31-33:tanh?out=tanh&seed=1");
      String x = model.graph().inputs().get(0).name();
      HostTensor samples = Workbench.random(N, 31);
      HostTensor sample = Workbench.random(31);
      Graph jacobian = Jacobians.of(model.graph(), List.of(x));
      Graph hessian = Hessians.forwardOverReverse(model.graph(), List.of(x));
      Runnable calls =
          () -> {
            for (int i = 0; i < N; i++) {
              engine.evaluate(hessian, model.weights(), List.of(sample));
            }
          };
      double[] s =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  bench.loop(jacobian, model.weights(), samples),
                  bench.prepare(Batch.of(jacobian, Set.of(x), N), model.weights(), samples),
                  calls,
                  bench.loop(hessian, model.weights(), samples),
                  bench.prepare(Batch.of(hessian, Set.of(x), N), model.weights(), samples),
                  bench.prepare(filled(N, 33, 31, 31), Weights.none(), Workbench.random(N))));
      String faster = "times the loop's speed";
      String jacobians = "S3 Jacobian N 64 O 33 D 31, ";
      String hessians = "S3 Hessian N 64 O 33 D 31, ";
      return List.of(
          Row.baseline(jacobians + "loop over samples, prepared once", s[0] * 1e3, "ms"),
          Row.faster(jacobians + "batched", s[1], s[0], faster),
          Row.baseline(hessians + "loop over samples, a call each", s[2] * 1e3, "ms"),
          Row.faster(hessians + "loop over samples, prepared once", s[3], s[2], faster),
          Row.faster(hessians + "batched", s[4], s[2], faster + " (goal 10)"),
          Row.faster(hessians + "its numbers written once", s[5], s[2], faster + ", at most"));
    }
  }

  /** Writes a tensor of these extents and computes nothing: as fast as a result can be. */
  private static Graph filled(long... dims) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(dims[0]));
    return builder.build(Broadcast.broadcast(x, Shape.of(dims), List.of(0)));
  }

  private static List<Row> overRows(Engine engine) {
    try (Workbench bench = new Workbench(engine)) {
      Model model = BenchModels.load("mlp:16-16:tanh?out=tanh&seed=1");
      String x = model.graph().inputs().get(0).name();
      Graph jacobian = Jacobians.reverse(model.graph(), List.of(x));
      double[] s =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  rows(bench, model),
                  bench.prepare(jacobian, model.weights(), Workbench.random(16))));
      return List.of(
          Row.baseline("S3 Jacobian 16 x 16, loop over rows", s[0] * 1e3, "ms"),
          Row.faster(
              "S3 Jacobian 16 x 16, all rows at once", s[1], s[0], "times the loop's speed"));
    }
  }

  /** One vector-Jacobian product after the other, over the unit cotangents. */
  private static Runnable rows(Workbench bench, Model model) {
    Graph graph = model.graph();
    int outputs = graph.outputTypes().get(0).shape().intSize();
    Graph pulled = Vjp.of(graph, List.of(graph.inputs().get(0).name()));
    Executable row = bench.prepared(pulled, model.weights());
    DeviceTensor x = bench.tensor(Workbench.random(graph.inputs().get(0).type().shape().dim(0)));
    double[] units = new double[outputs * outputs];
    for (int i = 0; i < outputs; i++) {
      units[i * outputs + i] = 1;
    }
    DeviceTensor basis = bench.tensor(HostTensor.of(Shape.of(outputs, outputs), units));
    DeviceTensor result = bench.allocate(x.shape().insert(0, outputs));
    List<List<DeviceTensor>> arguments = new ArrayList<>();
    List<List<DeviceTensor>> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      arguments.add(List.of(x, basis.rows(i, i + 1).reshape(Shape.of(outputs))));
      results.add(List.of(result.rows(i, i + 1).reshape(x.shape())));
    }
    return () -> {
      for (int i = 0; i < outputs; i++) {
        row.run(arguments.get(i), results.get(i));
      }
    };
  }
}
