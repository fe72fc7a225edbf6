package dev.tangents.job.bench;

import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Losses;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Value;
import dev.tangents.kernel.GradientNorms;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Reshape;
import dev.tangents.transform.Batch;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Norms of per-sample gradients from their factors against forming the gradients first. */
final class GradientNormBench {
  private static final String MODEL = "mlp:784-1024-1024-10:relu?seed=1";
  private static final int N = 32;
  private static final int ROUNDS = 7;

  private GradientNormBench() {}

  static List<Row> run(Engine engine) {
    try (Workbench bench = new Workbench(engine)) {
      Model model = BenchModels.load(MODEL);
      Graph loss = Losses.on(model.graph(), Losses.meanSquare());
      List<String> names = loss.parameters().stream().map(Node.Parameter::name).toList();
      Set<String> inputs = loss.inputs().stream().map(Node.Input::name).collect(Collectors.toSet());
      HostTensor x = Workbench.random(N, 784);
      HostTensor y = Workbench.random(N, 10);
      Graph norms = Batch.of(GradientNorms.of(loss, names), inputs, N);
      double[] s =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  bench.prepare(formed(loss, names), model.weights(), x, y),
                  bench.prepare(norms, model.weights(), x, y)));
      String name = "784-1024-1024-10, N 32, norms of per-sample gradients, ";
      return List.of(
          Row.baseline(name + "gradients formed", s[0] * 1e3, "ms"),
          Row.faster(name + "from factors", s[1], s[0], "times the speed (goal 20)"));
    }
  }

  /** The root of the sum of the squares of each sample's gradients, [N]. */
  private static Graph formed(Graph loss, List<String> names) {
    Graph gradients = Gradients.perSample(loss, names, N);
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = gradients.copyInto(builder);
    Value sum = builder.splat(values.get(gradients.outputs().get(0)).shape(), 0);
    for (int id : gradients.outputs().subList(1, gradients.outputs().size())) {
      Value gradient = values.get(id);
      Value flat = Reshape.reshape(gradient, N, gradient.shape().size() / N);
      sum = Add.add(sum, Sum.sum(Mul.mul(flat, flat), 1));
    }
    return builder.build(Sqrt.sqrt(sum));
  }
}
