package dev.tangents.testkit;

import static dev.tangents.op.elementwise.LeakyRelu.leakyRelu;
import static dev.tangents.op.elementwise.Max.max;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.elementwise.Tanh.tanh;
import static dev.tangents.op.reduce.ReduceMax.reduceMax;
import static dev.tangents.op.shape.Reshape.reshape;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A row flips where float rounds a sample to the other side of a kink, and nowhere else. */
class ActivationPatternsTest {
  /** Above zero in double, zero in float. */
  private static final double TINY = 1e-60;

  /** Above 1 in double, 1 in float. */
  private static final double ABOVE = 1 + 1e-12;

  @Test
  void signOfRectifierFlips() {
    assertFlips(false, true, x -> relu(x));
    assertFlips(false, true, x -> leakyRelu(x, 0.1));
  }

  @Test
  void largerOfTwoFlips() {
    assertFlips(true, false, x -> max(x, x.builder().splat(x.shape(), 1)));
  }

  @Test
  void placeOfMaximumFlips() {
    assertFlips(true, false, x -> reshape(reduceMax(x, 0), 1));
  }

  @Test
  void smoothFunctionHasNoPattern() {
    assertFlips(false, false, x -> tanh(x));
  }

  /** Whether [1, ABOVE] and [-1, TINY] flip, and [1, 2] and [2, 1] never do. */
  private static void assertFlips(boolean above, boolean tiny, UnaryOperator<Value> network) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(Shape.of(2)));
    Graph graph = builder.build(network.apply(x));
    Model model = new Model(graph, Weights.none(), "", "");
    double[][] rows = {{1, 2}, {1, ABOVE}, {-1, TINY}, {2, 1}};
    try (Engine wide = new Nd4jEngine(Precision.DOUBLE);
        Engine narrow = new Nd4jEngine(Precision.FLOAT)) {
      assertArrayEquals(
          new boolean[] {false, above, tiny, false},
          ActivationPatterns.flips(
              ActivationPatterns.of(wide, model, 2, rows),
              ActivationPatterns.of(narrow, model, 2, rows)));
    }
  }
}
