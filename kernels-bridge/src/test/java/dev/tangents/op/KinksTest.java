package dev.tangents.op;

import static dev.tangents.testkit.Vectors.assertClose;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.testkit.Everywhere;
import dev.tangents.testkit.Runs;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** One-sided derivatives, decided once: what each function does where it has none. */
class KinksTest {
  private static final double[] AROUND = {-1, -0.0, 0, 1};

  @Test
  void reluIsFlatAtZero() {
    assertSlopes(Relu::relu, 0, 0, 0, 1);
  }

  @Test
  void absIsFlatAtZero() {
    assertSlopes(Abs::abs, -1, 0, 0, 1);
  }

  @Test
  void leakyReluTakesItsLeftSlopeAtZero() {
    assertSlopes(x -> LeakyRelu.leakyRelu(x, 0.25), 0.25, 0.25, 0.25, 1);
  }

  @Test
  void eluTakesItsLeftSlopeAtZero() {
    assertSlopes(x -> Elu.elu(x, 1.5), 1.5 * Math.exp(-1), 1.5, 1.5, 1);
  }

  @Test
  void maxGivesTiesToItsFirstOperand() {
    assertPartials(Max::max, new double[] {0, 1, 1}, new double[] {1, 0, 0});
  }

  @Test
  void minGivesTiesToItsFirstOperand() {
    assertPartials(Min::min, new double[] {1, 1, 0}, new double[] {0, 0, 1});
  }

  @Test
  void reduceMaxGivesTiesToTheFirstIndex() {
    double[] x = {2, 2, 1, 1, 3, 3, 5, 5, 5};
    double[] first = {1, 0, 0, 0, 1, 0, 1, 0, 0};
    assertAlongRows(v -> ReduceMax.reduceMax(v, 1), x, first);
    assertAlongRows(v -> ReduceMax.reduceMin(v, 1), x, new double[] {0, 0, 1, 1, 0, 0, 1, 0, 0});
    GraphBuilder builder = new GraphBuilder();
    Value v = builder.input("x", TensorType.real(3, 3));
    Everywhere.assertResults(
        List.of(first), builder.build(FirstMax.firstMax(v, -1)), Weights.none(), List.of(x), 0);
  }

  /**
   * The slope of a tie stays where it is: second derivatives of piecewise linear functions are 0.
   */
  @Test
  void secondDerivativesAtKinksAreZero() {
    for (UnaryOperator<Value> f :
        List.<UnaryOperator<Value>>of(Relu::relu, Abs::abs, x -> LeakyRelu.leakyRelu(x, 0.25))) {
      Graph gradient = Vjp.of(graph(f), List.of("x"));
      double[] ones = {1, 1, 1, 1};
      List<double[]> inputs = List.of(AROUND, ones, ones);
      for (Graph second : List.of(Jvp.of(gradient, List.of("x")), Vjp.of(gradient, List.of("x")))) {
        assertClose(new double[4], Runs.reference(second, inputs).get(0), 0, "second");
      }
    }
  }

  private static Graph graph(UnaryOperator<Value> f) {
    GraphBuilder builder = new GraphBuilder();
    return builder.build(f.apply(builder.input("x", TensorType.real(4))));
  }

  private static void assertSlopes(UnaryOperator<Value> f, double... expected) {
    List<double[]> inputs = List.of(AROUND, new double[] {1, 1, 1, 1});
    for (Graph derivative :
        List.of(Jvp.of(graph(f), List.of("x")), Vjp.of(graph(f), List.of("x")))) {
      Everywhere.assertResults(List.of(expected), derivative, Weights.none(), inputs, 1e-15);
    }
  }

  private static void assertPartials(BinaryOperator<Value> f, double[] byA, double[] byB) {
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("a", TensorType.real(3));
    Graph graph = builder.build(f.apply(a, builder.input("b", TensorType.real(3))));
    List<double[]> inputs =
        List.of(new double[] {1, 2, 3}, new double[] {2, 2, 2}, new double[] {1, 1, 1});
    Everywhere.assertResults(
        List.of(byA, byB), Vjp.of(graph, List.of("a", "b")), Weights.none(), inputs, 0);
    Everywhere.assertResults(List.of(byA), Jvp.of(graph, List.of("a")), Weights.none(), inputs, 0);
    Everywhere.assertResults(List.of(byB), Jvp.of(graph, List.of("b")), Weights.none(), inputs, 0);
  }

  private static void assertAlongRows(UnaryOperator<Value> f, double[] x, double[] expected) {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(f.apply(builder.input("x", TensorType.real(3, 3))));
    Everywhere.assertResults(
        List.of(expected),
        Vjp.of(graph, List.of("x")),
        Weights.none(),
        List.of(x, new double[] {1, 1, 1}),
        0);
  }
}
