package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertOn;
import static dev.tangents.testkit.Everywhere.assertResults;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Transpose;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * One layer f(x) = tanh(W x + b), O outputs of D inputs, and sum(sin(x)): derivatives that have
 * closed forms, df_o/dx_i = (1 - f_o^2) W_oi.
 */
class AffineTanhCaseTest {
  private static final double CLOSE = 1e-13;

  private static Graph layer(int o, int d) {
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(d)), d, 1);
    Value product = MatMul.matMul(builder.parameter("W", TensorType.real(o, d)), x);
    Value b = builder.parameter("b", TensorType.real(o));
    return builder.build(Tanh.tanh(Add.add(Reshape.reshape(product, o), b)));
  }

  private static Weights weights(int o, int d) {
    Random random = new Random(21);
    double[] w = Vectors.scaled(1 / Math.sqrt(d), Vectors.normal(random, (long) o * d));
    return Weights.of(
        Map.of(
            "W", Literal.of(TensorType.real(o, d), w),
            "b", Literal.of(TensorType.real(o), Vectors.normal(random, o))));
  }

  @Test
  void jacobiansByEachArgumentRowByRowBatchedAndByTheConvenienceCall() {
    int d = 16;
    Graph layer = layer(d, d);
    Weights weights = weights(d, d);
    List<double[]> x = List.of(Vectors.normal(new Random(22), d));
    for (String name : List.of("x", "W", "b")) {
      Graph row = Vjp.of(layer, List.of(name));
      List<double[]> rows = new ArrayList<>();
      for (int o = 0; o < d; o++) {
        double[] unit = new double[d];
        unit[o] = 1;
        rows.addAll(Runs.reference(row, weights, Runs.inputs(x, List.of(unit))));
      }
      List<double[]> expected = List.of(Vectors.join(rows));
      for (Graph jacobian :
          List.of(
              Jacobians.reverse(layer, List.of(name)),
              Jacobians.forward(layer, List.of(name)),
              Jacobians.of(layer, List.of(name)))) {
        assertResults(expected, jacobian, weights, x, CLOSE);
      }
    }
    double[] y = Runs.reference(layer, weights, x).get(0);
    double[] closed = weights.get("W").toArray();
    Arrays.setAll(closed, i -> closed[i] * (1 - y[i / d] * y[i / d]));
    assertResults(List.of(closed), Jacobians.of(layer, List.of("x")), weights, x, CLOSE);
  }

  /** Either basis passes W for free, but a forward one comes out transposed. */
  @Test
  void theConvenienceCallTakesTheCheaperMode() {
    List<String> x = List.of("x");
    Graph tall = layer(20, 3);
    assertEquals(Jacobians.reverse(tall, x).toString(), Jacobians.of(tall, x).toString());
    Graph wide = layer(3, 20);
    assertEquals(Jacobians.reverse(wide, x).toString(), Jacobians.of(wide, x).toString());
  }

  @Test
  void threeOrdersOfTheHessianAgree() {
    assertHessians(8, 24, Engines.all());
  }

  @Test
  void threeOrdersOfALargerHessianAgree() {
    assertHessians(32, 512, Engines.fast());
  }

  private static void assertHessians(int o, int d, List<Engines.Entry> engines) {
    Graph layer = layer(o, d);
    Weights weights = weights(o, d);
    List<double[]> x = List.of(Vectors.normal(new Random(23), d));
    double[] w = weights.get("W").toArray();
    double[] y = Runs.reference(layer, weights, x).get(0);
    double[] expected = new double[o * d * d];
    Arrays.setAll(
        expected,
        i -> {
          double f = y[i / (d * d)];
          return -2 * f * (1 - f * f) * w[i / d] * w[i / (d * d) * d + i % d];
        });
    for (Graph hessian :
        List.of(
            Hessians.forwardOverReverse(layer, List.of("x")),
            Hessians.reverseOverReverse(layer, List.of("x")),
            Hessians.forwardOverForward(layer, List.of("x")))) {
      assertEquals(List.of(TensorType.real(o, d, d)), hessian.outputTypes());
      assertOn(engines, List.of(expected), hessian, weights, x, CLOSE);
    }
  }

  /** The batch at any axis of either argument, or of none. */
  @Test
  void theBatchMayStandAtAnyAxisOfAnyArgument() {
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("a", TensorType.real(2, 3));
    Value b = builder.input("b", TensorType.real(3, 2));
    Graph product = builder.build(MatMul.matMul(a, b));
    Random random = new Random(24);
    int n = 4;
    double[] manyA = Vectors.normal(random, n * 6L);
    double[] manyB = Vectors.normal(random, n * 6L);
    for (Map<String, Integer> axes :
        List.of(
            Map.of("a", 0, "b", 0),
            Map.of("a", 1, "b", 2),
            Map.of("a", -1, "b", -2),
            Map.of("a", 2),
            Map.of("b", -3))) {
      List<double[]> rows = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        List<double[]> one =
            List.of(
                Vectors.row(manyA, axes.containsKey("a") ? i : 0, 6),
                Vectors.row(manyB, axes.containsKey("b") ? i : 0, 6));
        rows.addAll(Runs.reference(product, one));
      }
      Graph batched = Batch.along(product, axes, n);
      List<double[]> inputs =
          List.of(
              moved(manyA, Shape.of(n, 2, 3), axes, "a"),
              moved(manyB, Shape.of(n, 3, 2), axes, "b"));
      assertResults(List.of(Vectors.join(rows)), batched, Weights.none(), inputs, CLOSE);
    }
    Graph none = Batch.along(product, Map.of(), n);
    assertEquals(List.of(TensorType.real(n, 2, 2)), none.outputTypes());
  }

  /** Samples in front, moved to where the argument carries them; sample 0 alone if nowhere. */
  private static double[] moved(
      double[] samples, Shape shape, Map<String, Integer> axes, String name) {
    if (!axes.containsKey(name)) {
      return Vectors.row(samples, 0, 6);
    }
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(shape));
    Graph move = builder.build(Transpose.moveAxis(x, 0, shape.normalise(axes.get(name))));
    return Runs.reference(move, List.of(samples)).get(0);
  }

  @Test
  void jacobiansOfABatchAreThoseOfTheSumOverIt() {
    int n = 64;
    int o = 33;
    int d = 31;
    Graph layer = layer(o, d);
    Weights weights = weights(o, d);
    List<double[]> x = List.of(Vectors.normal(new Random(25), (long) n * d));
    Graph batched = Batch.of(Jacobians.of(layer, List.of("x")), Set.of("x"), n);
    assertEquals(List.of(TensorType.real(n, o, d)), batched.outputTypes());

    GraphBuilder builder = new GraphBuilder();
    Graph all = Batch.of(layer, Set.of("x"), n);
    Value sum = Sum.sum(all.copyInto(builder).get(all.outputs().get(0)), 0);
    Graph trick = Jacobians.reverse(builder.build(sum), List.of("x"));
    assertEquals(List.of(TensorType.real(o, n, d)), trick.outputTypes());
    double[] byTrick = Runs.reference(Runs.simplified(trick), weights, x).get(0);
    double[] expected = new double[n * o * d];
    Arrays.setAll(expected, i -> byTrick[i / d % o * n * d + i / (o * d) * d + i % d]);
    assertResults(List.of(expected), batched, weights, x, CLOSE);
  }

  @Test
  void hessiansOfABatch() {
    int n = 64;
    int o = 33;
    int d = 31;
    Graph layer = layer(o, d);
    Weights weights = weights(o, d);
    List<double[]> x = List.of(Vectors.normal(new Random(26), (long) n * d));
    double[] w = weights.get("W").toArray();
    double[] y = Runs.reference(Batch.of(layer, Set.of("x"), n), weights, x).get(0);
    double[] expected = new double[n * o * d * d];
    Arrays.setAll(
        expected,
        i -> {
          double f = y[i / (d * d)];
          int row = i / (d * d) % o * d;
          return -2 * f * (1 - f * f) * w[row + i / d % d] * w[row + i % d];
        });
    Graph hessians = Batch.of(Hessians.forwardOverReverse(layer, List.of("x")), Set.of("x"), n);
    assertEquals(List.of(TensorType.real(n, o, d, d)), hessians.outputTypes());
    assertOn(Engines.fast(), List.of(expected), hessians, weights, x, CLOSE);
  }

  @Test
  void hessianTimesVectorOfASumOfSines() {
    int d = 2048;
    GraphBuilder builder = new GraphBuilder();
    Graph f = builder.build(Sum.sum(Sin.sin(builder.input("x", TensorType.real(d))), 0));
    Graph gradient = Vjp.of(f, List.of("x"));
    Random random = new Random(27);
    double[] x = Vectors.normal(random, d);
    double[] v = Vectors.normal(random, d);
    double[] expected = new double[d];
    Arrays.setAll(expected, i -> -Math.sin(x[i]) * v[i]);
    for (Graph hvp : List.of(Jvp.of(gradient, List.of("x")), Vjp.of(gradient, List.of("x")))) {
      List<double[]> inputs = List.of(x, new double[] {1}, v);
      assertResults(List.of(expected), hvp, Weights.none(), inputs, CLOSE);
    }
  }
}
