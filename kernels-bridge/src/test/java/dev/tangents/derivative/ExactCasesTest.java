package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertResults;
import static dev.tangents.testkit.Vectors.assertClose;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.nn.Softmax;
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

/** Networks small enough to be differentiated by hand in fractions. */
class ExactCasesTest {
  private static final double EXACT = 1e-14;

  /** Mean-field ReLU of two inputs and three units; the third is exactly at its kink for x1. */
  @Test
  void meanFieldRelu() {
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(2)), 1, 2);
    Value w = builder.parameter("W", TensorType.real(2, 3));
    Value a = Reshape.reshape(builder.parameter("a", TensorType.real(3)), 3, 1);
    Value f = MatMul.matMul(Relu.relu(MatMul.matMul(x, w)), a);
    Graph network = builder.build(Mul.scale(Reshape.reshape(f, 1), 1.0 / 3));
    Weights weights =
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(2, 3), 1, -1, 2, 0, 2, -1),
                "a", Literal.of(TensorType.real(3), 2, -1, 3)));
    List<double[]> samples = List.of(new double[] {1, 2, 3, -1, -2, 1});
    assertResults(
        List.of(new double[] {-1.0 / 3, 9, -4.0 / 3}),
        Batch.of(network, Set.of("x"), 3),
        weights,
        samples,
        EXACT);
    double[] byW = {2, -1, 0, 4, -2, 0, 6, 0, 9, -2, 0, -3, 0, 2, 0, 0, -1, 0};
    double[] byA = {1, 3, 0, 3, 0, 7, 0, 4, 0};
    List<double[]> expected = List.of(Vectors.scaled(1.0 / 3, byW), Vectors.scaled(1.0 / 3, byA));
    List<String> wrt = List.of("W", "a");
    for (Graph jacobian :
        List.of(Jacobians.reverse(network, wrt), Jacobians.forward(network, wrt))) {
      assertResults(expected, Batch.of(jacobian, Set.of("x"), 3), weights, samples, EXACT);
    }
  }

  /** f = V (W x + b) + c, whose kernel blocks J J'^T are integers. */
  @Test
  void linearNetworkOfTwoLayers() {
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(2)), 2, 1);
    Value w = builder.parameter("W", TensorType.real(3, 2));
    Value b = Reshape.reshape(builder.parameter("b", TensorType.real(3)), 3, 1);
    Value v = builder.parameter("V", TensorType.real(2, 3));
    Value c = builder.parameter("c", TensorType.real(2));
    Value hidden = Add.add(MatMul.matMul(w, x), b);
    Graph network = builder.build(Add.add(Reshape.reshape(MatMul.matMul(v, hidden), 2), c));
    Weights weights =
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(3, 2), 1, 2, 0, -1, 3, 1),
                "b", Literal.of(TensorType.real(3), 1, 0, -1),
                "V", Literal.of(TensorType.real(2, 3), 1, 0, 2, -1, 1, 0),
                "c", Literal.of(TensorType.real(2), 0, 1)));
    double[] x1 = {1, 2};
    double[] x2 = {3, -1};
    assertResults(List.of(new double[] {14, -7}), network, weights, List.of(x1), 0);
    assertResults(List.of(new double[] {16, 0}), network, weights, List.of(x2), 0);
    List<String> wrt = List.of("W", "b", "V", "c");
    for (Graph jacobian :
        List.of(Jacobians.reverse(network, wrt), Jacobians.forward(network, wrt))) {
      // h(x1) = (6, -2, 4): by W the outer product of V's rows and x, by V that of unit rows and h.
      assertResults(
          List.of(
              new double[] {1, 2, 0, 0, 2, 4, -1, -2, 1, 2, 0, 0},
              new double[] {1, 0, 2, -1, 1, 0},
              new double[] {6, -2, 4, 0, 0, 0, 0, 0, 0, 6, -2, 4},
              new double[] {1, 0, 0, 1}),
          jacobian,
          weights,
          List.of(x1),
          0);
      List<double[]> j1 = Runs.reference(jacobian, weights, List.of(x1));
      List<double[]> j2 = Runs.reference(jacobian, weights, List.of(x2));
      assertClose(new double[] {87, -6, -6, 69}, kernel(j1, j1), 0, "x1, x1");
      assertClose(new double[] {49, -2, -2, 43}, kernel(j1, j2), 0, "x1, x2");
      assertClose(new double[] {110, -11, -11, 77}, kernel(j2, j2), 0, "x2, x2");
    }
  }

  /** J J'^T of two outputs. */
  private static double[] kernel(List<double[]> left, List<double[]> right) {
    double[] k = new double[4];
    for (int i = 0; i < 4; i++) {
      for (int p = 0; p < left.size(); p++) {
        int size = left.get(p).length / 2;
        double[] row = Vectors.row(left.get(p), i / 2, size);
        k[i] += Vectors.dot(row, Vectors.row(right.get(p), i % 2, size));
      }
    }
    return k;
  }

  /** A linear classifier under softmax cross-entropy. */
  @Test
  void softmaxCrossEntropy() {
    Weights weights =
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(3, 2), 1, 0, 0, 1, -1, 1),
                "b", Literal.of(TensorType.real(3), 0, 0, 0.5)));
    Graph logits = classifier();
    GraphBuilder builder = new GraphBuilder();
    Value z = logits.copyInto(builder).get(logits.outputs().get(0));
    Value picked = Mul.mul(Softmax.logSoftmax(z, -1), builder.input("y", TensorType.real(3)));
    Graph loss = builder.build(Neg.neg(Sum.sum(picked, 0)));
    double[] x = {1, 2, -1, 0.5};
    double[] y = {0, 1, 0, 1, 0, 0};
    Graph losses = Batch.of(loss, Set.of("x", "y"), 2);
    assertResults(
        List.of(new double[] {0.680269670641735, 3.241311296657157}),
        losses,
        weights,
        List.of(x, y),
        EXACT);
    Graph perSample = Batch.of(Vjp.of(loss, List.of("W", "b")), Set.of("x", "y"), 2);
    List<double[]> gradients = Runs.reference(perSample, weights, List.of(x, y, new double[] {1}));
    double[] norms = new double[2];
    for (int n = 0; n < 2; n++) {
      double[] byW = Vectors.row(gradients.get(0), n, 6);
      double[] byB = Vectors.row(gradients.get(1), n, 3);
      norms[n] = Vectors.dot(byW, byW) + Vectors.dot(byB, byB);
    }
    assertClose(new double[] {2.235884678710171, 3.535186655651741}, norms, EXACT, "norms");

    GraphBuilder mean = new GraphBuilder();
    Value all = losses.copyInto(mean).get(losses.outputs().get(0));
    Graph gradient = Vjp.of(mean.build(Sum.mean(all, 0)), List.of("W", "b"));
    assertResults(
        List.of(
            new double[] {
              0.57360557497758,
              -0.0538981334564806,
              -0.334405000542191,
              -0.449697010909337,
              -0.239200574435389,
              0.503595144365817
            },
            new double[] {-0.387281851751733, -0.159114608402155, 0.546396460153887}),
        gradient,
        weights,
        List.of(x, y, new double[] {1}),
        EXACT);
  }

  /** The Hessian of ln sum e^z by the logits is diag(p) - p p^T, in all three orders. */
  @Test
  void hessianByTheLogits() {
    GraphBuilder builder = new GraphBuilder();
    Value z = builder.input("z", TensorType.real(3));
    Graph loss = builder.build(Neg.neg(Sum.sum(Mul.mul(Softmax.logSoftmax(z, 0), oneHot(z)), 0)));
    double[] p = {0.1863237232258476, 0.506480391055654, 0.3071958857184984};
    double[] expected = new double[9];
    for (int i = 0; i < 9; i++) {
      expected[i] = (i / 3 == i % 3 ? p[i / 3] : 0) - p[i / 3] * p[i % 3];
    }
    for (Graph hessian :
        List.of(
            Hessians.forwardOverReverse(loss, List.of("z")),
            Hessians.reverseOverReverse(loss, List.of("z")),
            Hessians.forwardOverForward(loss, List.of("z")))) {
      assertResults(
          List.of(expected), hessian, Weights.none(), List.of(new double[] {1, 2, 1.5}), EXACT);
    }
  }

  private static Value oneHot(Value z) {
    return z.builder().constant(Literal.of(z.type(), 0, 1, 0));
  }

  private static Graph classifier() {
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(2)), 2, 1);
    Value product = MatMul.matMul(builder.parameter("W", TensorType.real(3, 2)), x);
    Value b = builder.parameter("b", TensorType.real(3));
    return builder.build(Add.add(Reshape.reshape(product, 3), b));
  }
}
