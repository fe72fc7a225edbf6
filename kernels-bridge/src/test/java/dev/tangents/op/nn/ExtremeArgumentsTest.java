package dev.tangents.op.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Everywhere;
import dev.tangents.testkit.Runs;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Values, slopes and curvatures where an exponential would overflow: limits, never NaN. */
class ExtremeArgumentsTest {
  private static final double[] X = {-1000, 0, 1000};

  @Test
  void sigmoid() {
    assertLimits(
        Sigmoid::sigmoid, new double[] {0, 0.5, 1}, new double[] {0, 0.25, 0}, new double[3]);
  }

  @Test
  void tanh() {
    assertLimits(Tanh::tanh, new double[] {-1, 0, 1}, new double[] {0, 1, 0}, new double[3]);
  }

  @Test
  void softplus() {
    assertLimits(
        Softplus::softplus,
        new double[] {0, Math.log(2), 1000},
        new double[] {0, 0.5, 1},
        new double[] {0, 0.25, 0});
  }

  @Test
  void elu() {
    assertLimits(
        x -> Elu.elu(x, 1), new double[] {-1, 0, 1000}, new double[] {0, 1, 1}, new double[3]);
  }

  @Test
  void selu() {
    assertLimits(
        Activations::selu,
        new double[] {-1.0507009873554805 * 1.6732632423543772, 0, 1050.7009873554805},
        new double[] {0, 1.0507009873554805 * 1.6732632423543772, 1.0507009873554805},
        new double[3]);
  }

  @Test
  void silu() {
    assertLimits(
        Activations::silu,
        new double[] {0, 0, 1000},
        new double[] {0, 0.5, 1},
        new double[] {0, 0.5, 0});
  }

  @Test
  void gelu() {
    double curvature = 2 / Math.sqrt(2 * Math.PI);
    assertLimits(
        Activations::gelu,
        new double[] {0, 0, 1000},
        new double[] {0, 0.5, 1},
        new double[] {0, curvature, 0});
    assertLimits(
        Activations::geluTanh,
        new double[] {0, 0, 1000},
        new double[] {0, 0.5, 1},
        new double[] {0, curvature, 0});
  }

  @Test
  void logSumExpAndSoftmax() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(3));
    Graph graph =
        builder.build(LogSumExp.logSumExp(x, 0), Softmax.softmax(x, 0), Softmax.logSoftmax(x, -1));
    Everywhere.assertResults(
        List.of(new double[] {1000}, new double[] {0, 0, 1}, new double[] {-2000, -1000, 0}),
        graph,
        Weights.none(),
        List.of(X),
        1e-15);
    // J^T (1, (1, 1, 1), (1, 1, 1)): softmax's rows sum to 0, log-softmax's are 1 - 3 p.
    double[] ones = {1, 1, 1};
    Everywhere.assertResults(
        List.of(new double[] {1, 1, -1}),
        Vjp.of(graph, List.of("x")),
        Weights.none(),
        List.of(X, new double[] {1}, ones, ones),
        1e-15);
  }

  @Test
  void logSumExpOfTwoLargeEqualNumbers() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(LogSumExp.logSumExp(builder.input("x", TensorType.real(2)), 0));
    for (double x : new double[] {-1000, 1000}) {
      List<double[]> inputs = List.of(new double[] {x, x});
      Everywhere.assertResults(
          List.of(new double[] {x + Math.log(2)}), graph, Weights.none(), inputs, 1e-15);
      Everywhere.assertResults(
          List.of(new double[] {0.5, 0.5}),
          Vjp.of(graph, List.of("x")),
          Weights.none(),
          List.of(inputs.get(0), new double[] {1}),
          1e-13);
    }
  }

  /** Masked entries are - infinity: they add nothing, and a line of them is - infinity. */
  @Test
  void logSumExpOfInfinities() {
    double inf = Double.POSITIVE_INFINITY;
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(LogSumExp.logSumExp(builder.input("x", TensorType.real(5, 2)), 1));
    double[] x = {-inf, -inf, -inf, 3, inf, 3, inf, -inf, Double.NaN, -inf};
    double[] expected = {-inf, 3, inf, inf, Double.NaN};
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        assertArrayEquals(
            expected, Runs.on(engine, graph, Weights.none(), List.of(x)).get(0), entry.name());
      }
    }
  }

  private static void assertLimits(
      UnaryOperator<Value> f, double[] values, double[] slopes, double[] curvatures) {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(f.apply(builder.input("x", TensorType.real(3))));
    double[] ones = {1, 1, 1};
    Everywhere.assertResults(List.of(values), graph, Weights.none(), List.of(X), 1e-15);
    Graph slope = Vjp.of(graph, List.of("x"));
    Everywhere.assertResults(List.of(slopes), slope, Weights.none(), List.of(X, ones), 1e-15);
    Everywhere.assertResults(
        List.of(curvatures),
        Jvp.of(slope, List.of("x")),
        Weights.none(),
        List.of(X, ones, ones),
        1e-15);
  }
}
