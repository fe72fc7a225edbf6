package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertResults;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses against their formulas, their closed derivatives, and at arguments far out. */
class LossesTest {
  private static final double EXACT = 1e-14;

  /** The outputs themselves: a network whose result is its input. */
  private static Graph identity(int outputs) {
    GraphBuilder builder = new GraphBuilder();
    return builder.build(builder.input("f", TensorType.real(outputs)));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double huber(double e) {
    return Math.abs(e) <= 0.5 ? e * e / 2 : 0.5 * (Math.abs(e) - 0.25);
  }

  /** A mean over outputs: the loss, its term, and the term's first and second derivative by f. */
  static Stream<Arguments> separable() {
    double[] any = {0.7, -1.2, 0.2};
    double[] labels = {1, 0, 0.3};
    double[] signs = {1, -1, -1};
    return Stream.of(
        separable(Losses.meanSquare(), any, (f, y) -> (f - y) * (f - y), (f, y) -> 2 * (f - y), 2),
        separable(
            Losses.halfMeanSquare(), any, (f, y) -> (f - y) * (f - y) / 2, (f, y) -> f - y, 1),
        arguments(
            Losses.binaryCrossEntropy(),
            labels,
            op((f, y) -> -y * Math.log(sigmoid(f)) - (1 - y) * Math.log(1 - sigmoid(f))),
            op((f, y) -> sigmoid(f) - y),
            op((f, y) -> sigmoid(f) * (1 - sigmoid(f)))),
        separable(
            Losses.hinge(),
            signs,
            (f, y) -> Math.max(0, 1 - y * f),
            (f, y) -> y * f < 1 ? -y : 0,
            0),
        arguments(
            Losses.huber(0.5),
            any,
            op((f, y) -> huber(f - y)),
            op((f, y) -> Math.max(-0.5, Math.min(0.5, f - y))),
            op((f, y) -> Math.abs(f - y) <= 0.5 ? 1 : 0)));
  }

  private static Arguments separable(
      Loss loss,
      double[] target,
      DoubleBinaryOperator term,
      DoubleBinaryOperator first,
      double second) {
    return arguments(loss, target, op(term), op(first), op((f, y) -> second));
  }

  private static DoubleBinaryOperator op(DoubleBinaryOperator f) {
    return f;
  }

  @ParameterizedTest
  @MethodSource("separable")
  void valueGradientAndHessianAreThoseOfTheFormula(
      Loss loss,
      double[] y,
      DoubleBinaryOperator term,
      DoubleBinaryOperator first,
      DoubleBinaryOperator second) {
    Graph graph = Losses.on(identity(3), loss);
    double[] f = {0.5, 0.4, 3};
    double value = 0;
    double[] gradient = new double[3];
    double[] hessian = new double[9];
    for (int o = 0; o < 3; o++) {
      value += term.applyAsDouble(f[o], y[o]) / 3;
      gradient[o] = first.applyAsDouble(f[o], y[o]) / 3;
      hessian[4 * o] = second.applyAsDouble(f[o], y[o]) / 3;
    }
    List<double[]> inputs = List.of(f, y);
    assertResults(
        List.of(new double[] {value}, gradient),
        Gradients.of(graph, List.of("f")),
        Weights.none(),
        inputs,
        EXACT);
    assertResults(
        List.of(hessian),
        Hessians.forwardOverReverse(graph, List.of("f")),
        Weights.none(),
        inputs,
        EXACT);
  }

  @Test
  void softmaxCrossEntropyOfADistribution() {
    Graph graph = Losses.on(identity(3), Losses.softmaxCrossEntropy());
    double[] f = {1, 2, 1.5};
    double[] y = {0.2, 0.5, 0.3};
    double[] p = {0.1863237232258476, 0.506480391055654, 0.3071958857184984};
    double value = 0;
    for (int o = 0; o < 3; o++) {
      value -= y[o] * Math.log(p[o]);
    }
    assertResults(
        List.of(new double[] {value}, Vectors.combine(p, -1, y)),
        Gradients.of(graph, List.of("f")),
        Weights.none(),
        List.of(f, y),
        EXACT);
  }

  /** The slope at a kink is part of the contract. */
  @Test
  void hingeIsFlatAtItsKinkAndHuberCurvesUpToItsDelta() {
    Graph hinge = Gradients.of(Losses.on(identity(1), Losses.hinge()), List.of("f"));
    assertResults(List.of(d(0), d(0)), hinge, Weights.none(), List.of(d(1), d(1)), 0);
    assertResults(List.of(d(0), d(0)), hinge, Weights.none(), List.of(d(-1), d(-1)), 0);
    Graph huber = Losses.on(identity(1), Losses.huber(0.5));
    Graph curvature = Hessians.forwardOverReverse(huber, List.of("f"));
    for (double e : new double[] {-0.5, 0, 0.5}) {
      assertResults(List.of(d(1)), curvature, Weights.none(), List.of(d(e), d(0)), 0);
      assertResults(
          List.of(d(e * e / 2), d(e)),
          Gradients.of(huber, List.of("f")),
          Weights.none(),
          List.of(d(e), d(0)),
          EXACT);
    }
    assertResults(List.of(d(0)), curvature, Weights.none(), List.of(d(0.75), d(0)), 0);
  }

  /** Logits far out neither overflow nor lose the digits of a small loss; the float engine too. */
  @Test
  void extremeLogitsGiveFiniteLossesAndGradients() {
    Graph binary = Gradients.of(Losses.on(identity(1), Losses.binaryCrossEntropy()), List.of("f"));
    for (double size : new double[] {1000, 1e30}) {
      assertResults(List.of(d(0), d(0)), binary, Weights.none(), List.of(d(size), d(1)), 0);
      assertResults(List.of(d(size), d(1)), binary, Weights.none(), List.of(d(size), d(0)), 0);
      assertResults(List.of(d(size), d(-1)), binary, Weights.none(), List.of(d(-size), d(1)), 0);
    }
    List<double[]> tail = Runs.reference(binary, List.of(d(40), d(1)));
    assertEquals(Math.exp(-40), tail.get(0)[0], 1e-14 * Math.exp(-40));
    assertEquals(-Math.exp(-40), tail.get(1)[0], 1e-14 * Math.exp(-40));
    Graph softmax =
        Gradients.of(Losses.on(identity(2), Losses.softmaxCrossEntropy()), List.of("f"));
    assertResults(
        List.of(d(2e30), d(1, -1)),
        softmax,
        Weights.none(),
        List.of(d(1e30, -1e30), d(0, 1)),
        EXACT);
    Graph hinge = Gradients.of(Losses.on(identity(1), Losses.hinge()), List.of("f"));
    assertResults(List.of(d(1e30), d(1)), hinge, Weights.none(), List.of(d(1e30), d(-1)), 0);
  }

  /** Where outputs are linear in the parameters the Hessian is J^T H_out J (identity 9). */
  @Test
  void hessianOfALinearModelIsTheGaussNewtonMatrix() {
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(2)), 1, 2);
    Value product = MatMul.matMul(x, builder.parameter("W", TensorType.real(2, 3)));
    Value b = builder.parameter("b", TensorType.real(3));
    Graph network = builder.build(Add.add(Reshape.reshape(product, 3), b));
    Random random = new Random(31);
    Weights weights =
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(2, 3), Vectors.normal(random, 6)),
                "b", Literal.of(TensorType.real(3), Vectors.normal(random, 3))));
    List<double[]> x1 = List.of(Vectors.normal(random, 2));
    List<double[]> target = List.of(d(0, 1, 0));
    double[] jacobian = Runs.reference(Jacobians.of(network, List.of("W")), weights, x1).get(0);
    double[] f = Runs.reference(network, weights, x1).get(0);
    for (Loss loss :
        List.of(Losses.softmaxCrossEntropy(), Losses.binaryCrossEntropy(), Losses.meanSquare())) {
      Graph outer = Hessians.forwardOverReverse(Losses.on(identity(3), loss), List.of("f"));
      double[] out = Runs.reference(outer, Runs.inputs(List.of(f), target)).get(0);
      double[] expected = new double[36];
      for (int i = 0; i < 36; i++) {
        for (int o = 0; o < 9; o++) {
          expected[i] += jacobian[o / 3 * 6 + i / 6] * out[o] * jacobian[o % 3 * 6 + i % 6];
        }
      }
      assertTrue(Vectors.largest(expected) > 0.01);
      assertResults(
          List.of(expected),
          Hessians.forwardOverReverse(Losses.on(network, loss), List.of("W")),
          weights,
          Runs.inputs(x1, target),
          EXACT);
    }
  }

  @Test
  void aWeightMultipliesLossAndGradient() {
    Graph graph = Losses.weighted(identity(2), Losses.halfMeanSquare());
    assertEquals(
        List.of("f", "target", "weight"), graph.inputs().stream().map(i -> i.name()).toList());
    assertResults(
        List.of(d(3.75), d(1.5, 3)),
        Gradients.of(graph, List.of("f")),
        Weights.none(),
        List.of(d(1, 2), d(0, 0), d(3)),
        EXACT);
  }

  @Test
  void anOutputOfAnyRankIsFlattened() {
    GraphBuilder builder = new GraphBuilder();
    Graph scalar = builder.build(builder.input("f", TensorType.real()));
    Graph loss = Losses.on(scalar, Losses.meanSquare());
    assertEquals(TensorType.real(1), loss.input(Losses.TARGET).type());
    assertClose(d(9), Runs.reference(loss, List.of(d(1), d(4))).get(0), 0, "scalar output");
  }

  @Test
  void lossesOfUnfitNetworksAndDeltasAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    Value f = builder.input("target", TensorType.real(2));
    assertMessage(
        "Loss: expected a network of one real output, got [REAL[2], REAL[2]]",
        () -> Losses.on(builder.build(f, f), Losses.hinge()));
    assertMessage(
        "Graph: two inputs or parameters are named 'target'; names must differ",
        () -> Losses.on(builder.build(f), Losses.hinge()));
    assertMessage("Huber loss: expected a finite delta above 0, got 0.0", () -> Losses.huber(0));
    assertMessage(
        "Huber loss: expected a finite delta above 0, got NaN", () -> Losses.huber(Double.NaN));
    assertMessage(
        "Gradient: expected one real scalar result, got [REAL[2]]",
        () -> Gradients.of(builder.build(f), List.of("target")));
  }

  private static void assertMessage(String expected, Runnable action) {
    TangentsException e = assertThrows(TangentsException.class, action::run);
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  private static double[] d(double... values) {
    return Arrays.copyOf(values, values.length);
  }
}
