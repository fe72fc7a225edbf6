package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertResults;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Vjp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Determinants of input Jacobians, and their gradients by the parameters. */
class DeterminantsTest {
  private static final double EXACT = 1e-14;

  private static Value layer(Value x, String w, String b, int width) {
    GraphBuilder builder = x.builder();
    Value weights = builder.parameter(w, TensorType.real(width, x.shape().dim(0)));
    Value product = MatMul.matMul(weights, Reshape.reshape(x, x.shape().dim(0), 1));
    Value bias = builder.parameter(b, TensorType.real(width));
    return Add.add(Reshape.reshape(product, width), bias);
  }

  /** Dense layers of the given widths, the activation between them and, if asked, at the end. */
  private static Graph mlp(UnaryOperator<Value> activation, boolean head, int... widths) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(widths[0]));
    for (int l = 1; l < widths.length; l++) {
      x = layer(x, "W" + l, "b" + l, widths[l]);
      x = l < widths.length - 1 || head ? activation.apply(x) : x;
    }
    return builder.build(x);
  }

  private static Weights random(Graph network, Random random) {
    Map<String, Literal> values = new LinkedHashMap<>();
    for (Node.Parameter p : network.parameters()) {
      values.put(p.name(), Literal.of(p.type(), Vectors.normal(random, p.type().shape().size())));
    }
    return Weights.of(values);
  }

  /** Case G3: three samples, a tanh head and a linear one. */
  @Test
  void exactDeterminants() {
    Weights weights =
        Weights.of(
            Map.of(
                "W1", Literal.of(TensorType.real(2, 2), 0.5, -0.25, 0.75, 1),
                "b1", Literal.of(TensorType.real(2), 0.1, -0.2),
                "W2", Literal.of(TensorType.real(2, 2), 1, 0.5, -0.5, 0.25),
                "b2", Literal.of(TensorType.real(2), 0, 0.3)));
    List<double[]> x = List.of(new double[] {0.2, -0.4, 0, 0, 1.5, 2});
    double[] tanh = {0.256308348831593, 0.314232393918883, 0.00162001032697251};
    double[] linear = {0.258583774509002, 0.327076839887264, 0.00349166867759935};
    for (boolean head : List.of(true, false)) {
      double[] det = head ? tanh : linear;
      double[] log = Arrays.stream(det).map(Math::log).toArray();
      Graph one = Determinants.of(mlp(Tanh::tanh, head, 2, 2, 2), "x");
      assertResults(
          List.of(new double[] {1, 1, 1}, log, det),
          Batch.of(one, Set.of("x"), 3),
          weights,
          x,
          EXACT);
    }
    double[] jacobian = {
      0.7608943240587459, 0.1810446272740785, -0.0744809947665014, 0.319129683606815
    };
    assertResults(
        List.of(jacobian),
        Jacobians.of(mlp(Tanh::tanh, true, 2, 2, 2), List.of("x")),
        weights,
        List.of(new double[] {0.2, -0.4}),
        EXACT);
  }

  /** det of the Jacobian of g(f(x)) is the product of those of g at f(x) and of f at x. */
  @Test
  void determinantOfACompositionIsTheProduct() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(4));
    Value inner = Tanh.tanh(layer(x, "W1", "b1", 4));
    Graph f = builder.build(inner);
    Graph both =
        builder.build(Tanh.tanh(layer(Tanh.tanh(layer(inner, "W2", "b2", 6)), "W3", "b3", 4)));
    GraphBuilder outer = new GraphBuilder();
    Value z = outer.input("x", TensorType.real(4));
    Graph g = outer.build(Tanh.tanh(layer(Tanh.tanh(layer(z, "W2", "b2", 6)), "W3", "b3", 4)));
    Random random = new Random(51);
    Weights weights = random(both, random);
    double[] sample = Vectors.scaled(0.3, Vectors.normal(random, 4));
    double[] middle = Runs.reference(f, weights, List.of(sample)).get(0);
    List<double[]> ofF = Runs.reference(Determinants.of(f, "x"), weights, List.of(sample));
    List<double[]> ofG = Runs.reference(Determinants.of(g, "x"), weights, List.of(middle));
    assertTrue(Math.abs(ofF.get(2)[0] * ofG.get(2)[0]) > 1e-6);
    assertResults(
        List.of(
            new double[] {ofF.get(0)[0] * ofG.get(0)[0]},
            new double[] {ofF.get(1)[0] + ofG.get(1)[0]},
            new double[] {ofF.get(2)[0] * ofG.get(2)[0]}),
        Determinants.of(both, "x"),
        weights,
        List.of(sample),
        1e-12);
  }

  /** Case S1: the mean of (det J - 1)^2 over a batch, by every parameter, against differences. */
  @Test
  void gradientOfTheDeterminantLoss() {
    Graph network = mlp(Tanh::tanh, false, 2, 5, 5, 2);
    Random random = new Random(52);
    Weights weights = random(network, random);
    int n = 3;
    List<double[]> x = List.of(Vectors.normal(random, n * 2L));
    List<String> names = network.parameters().stream().map(Node.Parameter::name).toList();
    Graph gradient = Gradients.mean(Determinants.loss(network, "x"), names, n);
    List<double[]> results = Runs.reference(gradient, weights, x);
    double[] det =
        Runs.reference(Batch.of(Determinants.of(network, "x"), Set.of("x"), n), weights, x).get(2);
    double mean = Arrays.stream(det).map(d -> (d - 1) * (d - 1)).sum() / n;
    assertClose(new double[] {mean}, results.get(0), 1e-13, "loss");
    double h = 1e-5;
    for (int p = 0; p < names.size(); p++) {
      double[] expected = new double[results.get(p + 1).length];
      for (int i = 0; i < expected.length; i++) {
        double up = Runs.reference(gradient, moved(weights, names.get(p), i, h), x).get(0)[0];
        double down = Runs.reference(gradient, moved(weights, names.get(p), i, -h), x).get(0)[0];
        expected[i] = (up - down) / (2 * h);
      }
      assertClose(expected, results.get(p + 1), 1e-8, names.get(p));
    }
    assertTrue(Vectors.largest(results.get(1)) > 0.01);
    assertResults(results, gradient, weights, x, 1e-12);
  }

  private static Weights moved(Weights weights, String name, int element, double by) {
    Map<String, Literal> values = new LinkedHashMap<>();
    weights.names().forEach(other -> values.put(other, weights.get(other)));
    double[] numbers = weights.get(name).toArray();
    numbers[element] += by;
    values.put(name, Literal.of(weights.get(name).type(), numbers));
    return Weights.of(values);
  }

  /** A dead ReLU network: J = 0, the gradient of its determinant is there all the same. */
  @Test
  void aSingularJacobianHasAFiniteDeterminantLoss() {
    Graph network = mlp(Relu::relu, false, 1, 1, 1);
    Weights weights =
        Weights.of(
            Map.of(
                "W1", Literal.of(TensorType.real(1, 1), 2),
                "b1", Literal.of(TensorType.real(1), 1),
                "W2", Literal.of(TensorType.real(1, 1), 0),
                "b2", Literal.of(TensorType.real(1), 0)));
    double[] zero = {0};
    assertResults(
        List.of(new double[] {1}, zero, new double[] {-4}),
        Gradients.of(Determinants.loss(network, "x"), List.of("W1", "W2")),
        weights,
        List.of(new double[] {3}),
        0);
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        List<double[]> results =
            Runs.on(engine, Determinants.of(network, "x"), weights, List.of(new double[] {3}));
        assertEquals(0, results.get(0)[0], entry.name());
        assertEquals(Double.NEGATIVE_INFINITY, results.get(1)[0], entry.name());
        assertEquals(0, results.get(2)[0], entry.name());
      }
    }
  }

  /** Ranks n - 1 and n - 2: cofactors stay exact; the inverse says NaN. */
  @Test
  void singularMatrices() {
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("a", TensorType.real(2, 3, 3));
    Graph graph =
        builder.build(
            Det.det(a),
            DetSign.detSign(a),
            Cofactor.cofactor(a),
            LogAbsDet.logAbsDet(a),
            Inverse.inverse(a));
    double[] matrices = {1, 2, 4, 2, 4, 8, 1, 0, 1, 1, 2, 4, 2, 4, 8, -1, -2, -4};
    double[] cofactors = new double[18];
    System.arraycopy(new double[] {4, 6, -4, -2, -3, 2, 0, 0, 0}, 0, cofactors, 0, 9);
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        List<double[]> results = Runs.on(engine, graph, Weights.none(), List.of(matrices));
        assertClose(new double[2], results.get(0), 0, entry.name());
        assertClose(new double[2], results.get(1), 0, entry.name());
        assertClose(cofactors, results.get(2), 1e-6, entry.name());
        for (double log : results.get(3)) {
          assertEquals(Double.NEGATIVE_INFINITY, log, entry.name());
        }
        assertTrue(Arrays.stream(results.get(4)).anyMatch(Double::isNaN), entry.name());
      }
    }
  }

  /** 300 pivots of 1e-4 have no product, but a sign and a logarithm. */
  @Test
  void aDeterminantOutOfRangeHasASignAndALogarithm() {
    int n = 300;
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      matrix[i * n + (i == 0 ? 1 : i == 1 ? 0 : i)] = 1e-4;
    }
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("a", TensorType.real(n, n));
    assertResults(
        List.of(new double[] {-1}, new double[] {n * Math.log(1e-4)}, new double[] {0}),
        builder.build(DetSign.detSign(a), LogAbsDet.logAbsDet(a), Det.det(a)),
        Weights.none(),
        List.of(matrix),
        1e-12);
  }

  @Test
  void notANumberStaysNotANumber() {
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("a", TensorType.real(2, 2));
    Graph graph = builder.build(Det.det(a), LogAbsDet.logAbsDet(a), DetSign.detSign(a));
    double nan = Double.NaN;
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        for (double[] matrix : List.of(new double[] {1, 2, nan, 0}, new double[] {nan, 1, 0, 1})) {
          for (double[] result : Runs.on(engine, graph, Weights.none(), List.of(matrix))) {
            assertTrue(Double.isNaN(result[0]), entry + " " + result[0]);
          }
        }
      }
    }
  }

  @Test
  void aDeterminantOfWhatIsNotSquareIsRefusedWithItsSizes() {
    TangentsException shape =
        assertThrows(
            TangentsException.class, () -> Determinants.of(mlp(Tanh::tanh, false, 3, 2), "x"));
    assertTrue(
        shape
            .getMessage()
            .contains(
                "Determinant: expected a square Jacobian, got 2 outputs of 3 numbers in 'x'. A network"
                    + " with fewer outputs than inputs has none"),
        shape.getMessage());
    TangentsException wide =
        assertThrows(
            TangentsException.class, () -> Determinants.of(mlp(Tanh::tanh, false, 2, 3), "x"));
    assertTrue(
        wide.getMessage().endsWith("in 'x'. Select as many outputs as there are inputs"),
        wide.getMessage());
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("a", TensorType.real(2, 3));
    TangentsException operand = assertThrows(TangentsException.class, () -> Det.det(a));
    assertTrue(
        operand
            .getMessage()
            .contains(
                "det: expected one real operand [..., n, n] with n at least 1, got [REAL[2, 3]]"),
        operand.getMessage());
    assertThrows(
        TangentsException.class,
        () -> Vjp.of(Determinants.of(mlp(Tanh::tanh, false, 2, 2), "x"), List.of("y")));
  }
}
