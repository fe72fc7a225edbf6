package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertResults;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Transpose;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Vjp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Gradients, cotangents and small Jacobians with known values. */
class SmallCasesTest {
  private static final double EXACT = 1e-14;

  /** z = x W + b, mean binary cross-entropy with logits against zeros: dL/dz = sigmoid(z) / 3. */
  @Test
  void gradientsOfABinaryCrossEntropy() {
    Random random = new Random(11);
    double[] w = Vectors.normal(random, 15);
    double[] b = Vectors.normal(random, 3);
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(5)), 1, 5);
    Value product = MatMul.matMul(x, builder.parameter("W", TensorType.real(5, 3)));
    Value z = Add.add(Reshape.reshape(product, 3), builder.parameter("b", TensorType.real(3)));
    Value y = builder.input("y", TensorType.real(3));
    Graph loss = builder.build(Sum.mean(Sub.sub(Softplus.softplus(z), Mul.mul(y, z)), 0));
    double[] byB = new double[3];
    double[] byW = new double[15];
    for (int i = 0; i < 3; i++) {
      double logit = b[i];
      for (int k = 0; k < 5; k++) {
        logit += w[3 * k + i];
      }
      byB[i] = 1 / (3 * (1 + Math.exp(-logit)));
      for (int k = 0; k < 5; k++) {
        byW[3 * k + i] = byB[i];
      }
    }
    double[] ones = {1, 1, 1, 1, 1};
    assertResults(
        List.of(byW, byB),
        Vjp.of(loss, List.of("W", "b")),
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(5, 3), w),
                "b", Literal.of(TensorType.real(3), b))),
        List.of(ones, new double[3], new double[] {1}),
        EXACT);
  }

  /** y = (M + 1)^2 transposed, M = eye(4, 5), a cotangent of ones: 2 (M + 1). */
  @Test
  void aCotangentOfOnesAskedForTwice() {
    GraphBuilder builder = new GraphBuilder();
    Value shifted = Add.shift(builder.input("M", TensorType.real(4, 5)), 1);
    Graph graph = builder.build(Transpose.transpose(Mul.mul(shifted, shifted), 1, 0));
    double[] eye = new double[20];
    double[] expected = new double[20];
    double[] ones = new double[20];
    Arrays.fill(ones, 1);
    Arrays.setAll(eye, i -> i / 5 == i % 5 ? 1 : 0);
    Arrays.setAll(expected, i -> i / 5 == i % 5 ? 4 : 2);
    Graph gradient = Vjp.of(graph, List.of("M"));
    for (int time = 0; time < 2; time++) {
      assertResults(List.of(expected), gradient, Weights.none(), List.of(eye, ones), 0);
    }
  }

  /** f(x) = sum over columns of exp(x), x 2 x 3: J[r, r', c] = [r = r'] exp(x[r, c]). */
  @Test
  void jacobianOfRowSums() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(Sum.sum(Exp.exp(builder.input("x", TensorType.real(2, 3))), 1));
    double[] x = {0.1, -0.4, 1.2, 0.7, -1.5, 0.3};
    double[] expected = new double[12];
    for (int row = 0; row < 2; row++) {
      for (int c = 0; c < 3; c++) {
        expected[row * 6 + row * 3 + c] = Math.exp(x[row * 3 + c]);
      }
    }
    for (Graph jacobian :
        List.of(Jacobians.reverse(graph, List.of("x")), Jacobians.forward(graph, List.of("x")))) {
      assertEquals(List.of(TensorType.real(2, 2, 3)), jacobian.outputTypes());
      assertResults(List.of(expected), jacobian, Weights.none(), List.of(x), EXACT);
    }
    assertResults(
        List.of(Arrays.stream(x).map(Math::exp).toArray()),
        Vjp.of(graph, List.of("x")),
        Weights.none(),
        List.of(x, new double[] {1, 1}),
        EXACT);
  }

  @Test
  void jacobianOfAShiftIsTheIdentity() {
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.parameter("a", TensorType.real(3));
    Graph graph = builder.build(Add.add(a, builder.input("x", TensorType.real(3))));
    Weights weights = Weights.of(Map.of("a", Literal.of(TensorType.real(3), 1, 2, 3)));
    double[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    assertResults(
        List.of(identity, identity),
        Jacobians.of(graph, List.of("x", "a")),
        weights,
        List.of(new double[3]),
        0);
  }

  /** f = A B of a row and a matrix: J_A^T 1 sums B's rows, J_B^T 1 repeats A. */
  @Test
  void jacobiansOfARowTimesAMatrix() {
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("A", TensorType.real(1, 3));
    Value b = builder.input("B", TensorType.real(3, 2));
    Graph graph = builder.build(MatMul.matMul(a, b));
    double[] row = {2, -1, 0.5};
    double[] matrix = {1, 2, 3, 4, 5, 6};
    List<Graph> modes =
        List.of(
            Jacobians.reverse(graph, List.of("A", "B")),
            Jacobians.forward(graph, List.of("A", "B")));
    for (Graph jacobian : modes) {
      assertEquals(
          List.of(TensorType.real(1, 2, 1, 3), TensorType.real(1, 2, 3, 2)),
          jacobian.outputTypes());
      assertResults(
          List.of(
              new double[] {1, 3, 5, 2, 4, 6},
              new double[] {2, 0, -1, 0, 0.5, 0, 0, 2, 0, -1, 0, 0.5}),
          jacobian,
          Weights.none(),
          List.of(row, matrix),
          0);
      List<double[]> j = Runs.reference(jacobian, List.of(row, matrix));
      double[] byA = Vectors.combine(Vectors.row(j.get(0), 0, 3), 1, Vectors.row(j.get(0), 1, 3));
      double[] byB = Vectors.combine(Vectors.row(j.get(1), 0, 6), 1, Vectors.row(j.get(1), 1, 6));
      assertResults(
          List.of(byA, byB),
          Vjp.of(graph, List.of("A", "B")),
          Weights.none(),
          List.of(row, matrix, new double[] {1, 1}),
          0);
    }
  }
}
