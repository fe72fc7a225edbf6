package dev.tangents.op.nn;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.testkit.Everywhere;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Values at, below and above each kind of step, and derivatives of zero there. */
class StepsTest {
  private static final double[] X = {-2, -1.5, -1.25, -0.5, 0, 0.25, 0.5, 1.5, 2.75};

  @Test
  void sign() {
    assertSteps(Steps::sign, -1, -1, -1, -1, 0, 1, 1, 1, 1);
  }

  @Test
  void floor() {
    double[] expected = Arrays.stream(X).map(Math::floor).toArray();
    assertSteps(Steps::floor, expected);
  }

  @Test
  void ceil() {
    double[] expected = Arrays.stream(X).map(Math::ceil).toArray();
    assertSteps(Steps::ceil, expected);
  }

  private static void assertSteps(UnaryOperator<Value> f, double... expected) {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(f.apply(builder.input("x", TensorType.real(X.length))));
    Everywhere.assertResults(List.of(expected), graph, Weights.none(), List.of(X), 0);
    double[] ones = new double[X.length];
    Arrays.fill(ones, 1);
    for (Graph derivative : List.of(Vjp.of(graph, List.of("x")), Jvp.of(graph, List.of("x")))) {
      List<double[]> inputs = List.of(X, ones);
      Everywhere.assertResults(
          List.of(new double[X.length]), derivative, Weights.none(), inputs, 0);
    }
  }
}
