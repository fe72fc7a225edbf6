package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertResults;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Vjp;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The two-layer mean-field ReLU network f(x) = (1/m) sum_j a_j relu(w_j . x) of three inputs and
 * two units: its Jacobian four ways, and the gradients of its squared loss.
 */
class MeanFieldCaseTest {
  private static final double EXACT = 1e-14;

  /** The case is printed with four decimals. */
  private static final double PRINTED = 5e-5;

  private static final double[] W = {0.5, -0.3, 0.8, 0.6, -0.2, 0.7};
  private static final double[] A = {0.9, -1.1};
  private static final List<double[]> X =
      List.of(new double[] {1, 2, 3}, new double[] {0.5, 1, 1.5}, new double[] {3, -2, 5});
  private static final double[] Y = {1, 0, 1};

  private static final List<double[]> BY_W =
      List.of(
          new double[] {0.45, -0.55, 0.9, -1.1, 1.35, -1.65},
          new double[] {0.225, -0.275, 0.45, -0.55, 0.675, -0.825},
          new double[] {0, -1.65, 0, 1.1, 0, -2.75});
  private static final List<double[]> BY_A =
      List.of(new double[] {0.75, 1.5}, new double[] {0.375, 0.75}, new double[] {0, 0.7});

  /** {@code units} columns of W and as many entries of a, over m = 2 units in all. */
  private static Graph network(int units) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(3));
    Value w = builder.parameter("W", TensorType.real(3, units));
    Value a = builder.parameter("a", TensorType.real(units));
    Value hidden = Relu.relu(MatMul.matMul(Reshape.reshape(x, 1, 3), w));
    Value f = MatMul.matMul(hidden, Reshape.reshape(a, units, 1));
    return builder.build(Reshape.reshape(Mul.scale(f, 0.5), 1));
  }

  private static Weights weights() {
    return Weights.of(
        Map.of("W", Literal.of(TensorType.real(3, 2), W), "a", Literal.of(TensorType.real(2), A)));
  }

  @Test
  void aLoopOverHiddenUnitsGivesTheJacobian() {
    Graph jacobian = Jacobians.reverse(network(1), List.of("W", "a"));
    for (int unit = 0; unit < 2; unit++) {
      Literal w = Literal.of(TensorType.real(3, 1), W[unit], W[2 + unit], W[4 + unit]);
      Weights one = Weights.of(Map.of("W", w, "a", Literal.of(TensorType.real(1), A[unit])));
      for (int n = 0; n < 3; n++) {
        double[] row = BY_W.get(n);
        List<double[]> expected =
            List.of(
                new double[] {row[unit], row[2 + unit], row[4 + unit]},
                new double[] {BY_A.get(n)[unit]});
        assertResults(expected, jacobian, one, List.of(X.get(n)), EXACT);
      }
    }
  }

  @Test
  void oneBatchedComputationGivesTheJacobian() {
    for (Graph jacobian : modes()) {
      Graph batched = Batch.of(jacobian, Set.of("x"), 3);
      assertEquals(
          List.of(TensorType.real(3, 1, 3, 2), TensorType.real(3, 1, 2)), batched.outputTypes());
      assertResults(
          List.of(Vectors.join(BY_W), Vectors.join(BY_A)),
          batched,
          weights(),
          List.of(Vectors.join(X)),
          EXACT);
    }
  }

  @Test
  void reverseAndForwardModeGiveTheJacobianSampleBySample() {
    for (Graph jacobian : modes()) {
      for (int n = 0; n < 3; n++) {
        List<double[]> expected = List.of(BY_W.get(n), BY_A.get(n));
        assertResults(expected, jacobian, weights(), List.of(X.get(n)), EXACT);
      }
    }
  }

  private static List<Graph> modes() {
    List<String> wrt = List.of("W", "a");
    return List.of(Jacobians.reverse(network(2), wrt), Jacobians.forward(network(2), wrt));
  }

  @Test
  void predictionsAndSquaredLosses() {
    Graph predictions = Batch.of(network(2), Set.of("x"), 3);
    assertResults(
        List.of(new double[] {-0.975, -0.4875, -0.77}),
        predictions,
        weights(),
        List.of(Vectors.join(X)),
        EXACT);
    GraphBuilder builder = new GraphBuilder();
    assertResults(
        List.of(new double[] {3.9006, 0.2377, 3.1329}),
        builder.build(squares(builder, predictions)),
        weights(),
        List.of(Vectors.join(X), Y),
        PRINTED);
  }

  @Test
  void meanLossGradientOfTwoRows() {
    assertResults(
        List.of(
            new double[] {-0.9984, 1.2203, -1.9969, 2.4406, -2.9953, 3.6609},
            new double[] {-1.6641, -3.3281}),
        meanLossGradient(2),
        weights(),
        List.of(Vectors.join(X.subList(0, 2)), new double[] {1, 0}, new double[] {1}),
        PRINTED);
  }

  @Test
  void meanLossGradientOfAllRows() {
    assertResults(
        List.of(
            new double[] {-0.6656, 2.7605, -1.3313, 0.3291, -1.9969, 5.6856},
            new double[] {-1.1094, -3.0448}),
        meanLossGradient(3),
        weights(),
        List.of(Vectors.join(X), Y, new double[] {1}),
        PRINTED);
  }

  @Test
  void meanOfPerSampleLossGradientsIsTheGradientOfTheMean() {
    GraphBuilder builder = new GraphBuilder();
    Graph loss = builder.build(squares(builder, network(2)));
    Graph perSample = Vjp.of(loss, List.of("W", "a"));
    List<double[]> sum = List.of(new double[6], new double[2]);
    for (int n = 0; n < 3; n++) {
      List<double[]> inputs = List.of(X.get(n), new double[] {Y[n]}, new double[] {1});
      sum = Vectors.step(sum, 1.0 / 3, Runs.reference(perSample, weights(), inputs));
    }
    assertResults(
        sum, meanLossGradient(3), weights(), List.of(Vectors.join(X), Y, new double[] {1}), 1e-13);
  }

  private static Graph meanLossGradient(int samples) {
    GraphBuilder builder = new GraphBuilder();
    Value losses = squares(builder, Batch.of(network(2), Set.of("x"), samples));
    Graph mean = builder.build(Sum.mean(Reshape.reshape(losses, Shape.of(samples)), 0));
    return Vjp.of(mean, List.of("W", "a"));
  }

  /** (f - y)^2 of a network's only result, y an input of its shape. */
  private static Value squares(GraphBuilder builder, Graph network) {
    Value f = network.copyInto(builder).get(network.outputs().get(0));
    Value error = Sub.sub(f, builder.input("y", f.type()));
    return Mul.mul(error, error);
  }
}
