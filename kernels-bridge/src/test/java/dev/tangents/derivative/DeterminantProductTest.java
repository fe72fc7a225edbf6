package dev.tangents.derivative;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.LeakyRelu.leakyRelu;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.elementwise.Sigmoid.sigmoid;
import static dev.tangents.op.elementwise.Softplus.softplus;
import static dev.tangents.op.elementwise.Tanh.tanh;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;
import static dev.tangents.op.nn.Activations.gelu;
import static dev.tangents.op.nn.Activations.silu;
import static dev.tangents.op.nn.Softmax.softmax;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;
import static dev.tangents.testkit.Everywhere.assertResults;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.LogAbsDet;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Determinants by the product formula against those by LU (identity 12). */
class DeterminantProductTest {
  private static final int N = 4;

  private static Value weight(GraphBuilder b, int l, int in, int out) {
    return b.parameter("W" + l, TensorType.real(in, out));
  }

  /** Dense layers with biases; the activation follows each but the last. */
  private static Graph mlp(UnaryOperator<Value> activation, int... widths) {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", TensorType.real(widths[0]));
    for (int l = 1; l < widths.length; l++) {
      Value row = reshape(x, 1, widths[l - 1]);
      Value z = reshape(matMul(row, weight(b, l, widths[l - 1], widths[l])), widths[l]);
      z = add(z, b.parameter("b" + l, z.type()));
      x = l < widths.length - 1 ? activation.apply(z) : z;
    }
    return b.build(x);
  }

  private static Graph of(int size, UnaryOperator<Value> function) {
    GraphBuilder b = new GraphBuilder();
    return b.build(function.apply(b.input("x", TensorType.real(size))));
  }

  private static Map<String, Graph> chains() {
    Map<String, Graph> all = new LinkedHashMap<>();
    all.put("tanh", mlp(x -> tanh(x), 5, 5, 5, 5));
    all.put("sigmoid", mlp(x -> sigmoid(x), 3, 3, 3));
    all.put("softplus", mlp(x -> softplus(x), 4, 4, 4));
    all.put("gelu", mlp(x -> gelu(x), 4, 4, 4, 4));
    all.put("silu", mlp(x -> silu(x), 3, 3, 3));
    all.put("leaky", mlp(x -> leakyRelu(x, 0.2), 5, 5, 5, 5));
    all.put("linear", mlp(x -> x, 2, 2, 2));
    all.put("one", mlp(x -> tanh(x), 1, 1, 1));
    all.put("elementwise sum of paths", mlp(x -> add(x, tanh(neg(x))), 3, 3, 3));
    all.put("identity", of(3, x -> x));
    all.put("x o x", of(4, x -> mul(x, x)));
    all.put("order of elements", of(6, x -> transpose(reshape(x, 3, 2), 1, 0)));
    all.put(
        "order of many axes",
        of(24, x -> scale(transpose(reshape(x, 2, 3, 1, 4), 3, 0, 2, 1), -2)));
    all.put("rows", of(6, x -> tanh(matMul(reshape(x, 3, 2), weight(x.builder(), 1, 2, 2)))));
    all.put("columns", of(6, x -> tanh(matMul(weight(x.builder(), 1, 3, 3), reshape(x, 3, 2)))));
    all.put(
        "transposed",
        of(6, x -> tanh(matMulTransposed(weight(x.builder(), 1, 3, 3), reshape(x, 2, 3)))));
    all.put(
        "weights of weights",
        of(
            3,
            x -> {
              Value w = weight(x.builder(), 1, 3, 3);
              return matMul(reshape(x, 1, 3), add(w, matMulTransposed(w, w)));
            }));
    return all;
  }

  static Stream<String> names() {
    return chains().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void productIsTheDeterminantByLu(String name) {
    Graph network = chains().get(name);
    Random random = new Random(81);
    Weights weights = random(network, random);
    List<double[]> x =
        List.of(
            Vectors.scaled(
                0.5, Vectors.normal(random, N * network.input("x").type().shape().size())));
    List<double[]> lu =
        Runs.reference(Batch.of(Determinants.of(network, "x"), Set.of("x"), N), weights, x);
    Graph product = Determinants.product(network, "x").orElseThrow();
    assertEquals(Determinants.of(network, "x").outputTypes(), product.outputTypes());
    assertResults(lu, Batch.of(product, Set.of("x"), N), weights, x, 1e-12);
  }

  /**
   * Samples with a unit that is off, whose J is singular but for rounding: LU may miss it, the
   * product does not.
   */
  @Test
  void reluIsSingularWhereAUnitIsOff() {
    Graph network = mlp(v -> relu(v), 3, 3, 3);
    Random random = new Random(82);
    Weights weights = random(network, random);
    int n = 40;
    List<double[]> x = List.of(Vectors.normal(random, 3L * n));
    Graph product = Batch.of(Determinants.product(network, "x").orElseThrow(), Set.of("x"), n);
    List<double[]> lu =
        Runs.reference(Batch.of(Determinants.of(network, "x"), Set.of("x"), n), weights, x);
    Graph hidden = mlp(v -> relu(v), 3, 3);
    double[] units = Runs.reference(Batch.of(hidden, Set.of("x"), n), weights, x).get(0);
    boolean[] off = new boolean[n];
    for (int i = 0; i < 3 * n; i++) {
      off[i / 3] |= units[i] <= 0;
    }
    Set<Double> seen = new TreeSet<>();
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        List<double[]> results = Runs.on(engine, Runs.simplified(product), weights, x);
        for (int i = 0; i < n; i++) {
          double sign = off[i] ? 0 : lu.get(0)[i];
          assertEquals(sign, results.get(0)[i], 0, entry.name() + ", sample " + i);
          assertEquals(lu.get(2)[i], results.get(2)[i], entry.tolerance() * 10, entry.name());
          assertEquals(off[i], results.get(1)[i] == Double.NEGATIVE_INFINITY, entry.name());
          seen.add(sign);
        }
      }
    }
    assertTrue(seen.size() > 1, "samples of both kinds");
  }

  /** Case G3: a tanh head and a linear one. */
  @Test
  void exactDeterminants() {
    Weights weights =
        Weights.of(
            Map.of(
                "W1", Literal.of(TensorType.real(2, 2), 0.5, 0.75, -0.25, 1),
                "b1", Literal.of(TensorType.real(2), 0.1, -0.2),
                "W2", Literal.of(TensorType.real(2, 2), 1, -0.5, 0.5, 0.25),
                "b2", Literal.of(TensorType.real(2), 0, 0.3)));
    Graph linear = mlp(x -> tanh(x), 2, 2, 2);
    GraphBuilder b = new GraphBuilder();
    Graph headed = b.build(tanh(linear.copyInto(b).get(linear.outputs().get(0))));
    double[] ofHeaded = {0.256308348831593, 0.314232393918883, 0.00162001032697251};
    double[] ofLinear = {0.258583774509002, 0.327076839887264, 0.00349166867759935};
    for (Graph network : List.of(headed, linear)) {
      double[] det = network == headed ? ofHeaded : ofLinear;
      assertResults(
          List.of(new double[] {1, 1, 1}, Arrays.stream(det).map(Math::log).toArray(), det),
          Batch.of(Determinants.product(network, "x").orElseThrow(), Set.of("x"), 3),
          weights,
          List.of(new double[] {0.2, -0.4, 0, 0, 1.5, 2}),
          1e-14);
    }
  }

  /** tanh'(30) = 4 e^-60 + ..., which 1 - y y has lost even in double. */
  @Test
  void saturatedLayersKeepTheirLogarithm() {
    double tanh = 2 * (Math.log(2) - 30) - 2 * Math.log1p(Math.exp(-60));
    double sigmoid = -30 - 2 * Math.log1p(Math.exp(-30));
    double[] x = {30, -30};
    Graph byTanh = Determinants.product(of(2, v -> tanh(v)), "x").orElseThrow();
    Graph bySigmoid = Determinants.product(of(2, v -> sigmoid(v)), "x").orElseThrow();
    assertResults(
        List.of(new double[] {1}, new double[] {2 * tanh}, new double[] {Math.exp(2 * tanh)}),
        byTanh,
        Weights.none(),
        List.of(x),
        1e-14);
    assertResults(
        List.of(new double[] {1}, new double[] {2 * sigmoid}, new double[] {Math.exp(2 * sigmoid)}),
        bySigmoid,
        Weights.none(),
        List.of(x),
        1e-14);
    try (Engine engine = Engines.forMany(Precision.FLOAT)) {
      Graph lu = Runs.simplified(Determinants.of(of(2, v -> tanh(v)), "x"));
      List<double[]> lost = Runs.on(engine, lu, Weights.none(), List.of(x));
      assertEquals(Double.NEGATIVE_INFINITY, lost.get(1)[0], "LU of slopes that are 0");
    }
  }

  /** Weights come in as ln |det W|, once; no Jacobian and no determinant of a sample is formed. */
  @Test
  void whatDependsOnWeightsIsNotRepeatedForEachSample() {
    Graph network = mlp(x -> tanh(x), 4, 4, 4);
    Graph batched =
        Runs.simplified(Batch.of(Determinants.product(network, "x").orElseThrow(), Set.of("x"), 7));
    List<Node.Apply> determinants =
        batched.nodes().stream()
            .filter(Node.Apply.class::isInstance)
            .map(Node.Apply.class::cast)
            .filter(node -> node.primitive() instanceof LogAbsDet)
            .toList();
    assertEquals(2, determinants.size());
    assertTrue(determinants.stream().allMatch(node -> node.type().shape().rank() == 0));
    assertFalse(batched.toString().contains(new Det().name() + "["), batched::toString);
    assertTrue(
        batched.nodes().stream().allMatch(node -> node.type().shape().size() <= 7 * 4),
        batched::toString);
  }

  @Test
  void otherNetworksHaveNoProduct() {
    List<Graph> others =
        List.of(
            mlp(x -> tanh(x), 3, 5, 3),
            of(3, x -> softmax(x, 0)),
            of(
                3,
                x -> {
                  Value w = weight(x.builder(), 1, 3, 3);
                  return add(x, reshape(matMul(reshape(tanh(x), 1, 3), w), 3));
                }),
            of(4, x -> reshape(matMul(reshape(x, 2, 2), reshape(x, 2, 2)), 4)),
            of(2, x -> x.builder().parameter("c", TensorType.real(2))));
    for (Graph network : others) {
      assertTrue(Determinants.product(network, "x").isEmpty(), network::toString);
    }
  }

  @Test
  void anUnknownNameAndSeveralOutputsAreRefused() {
    Graph network = mlp(x -> tanh(x), 2, 2);
    TangentsException unknown =
        assertThrows(TangentsException.class, () -> Determinants.product(network, "y"));
    assertTrue(unknown.getMessage().contains("Derivative by 'y'"), unknown.getMessage());
    Graph two = network.withOutputs(List.of(0, 1));
    TangentsException several =
        assertThrows(TangentsException.class, () -> Determinants.product(two, "x"));
    assertTrue(
        several.getMessage().contains("Determinant: expected a network of one output"),
        several.getMessage());
  }

  private static Weights random(Graph network, Random random) {
    Map<String, Literal> values = new LinkedHashMap<>();
    for (Node.Parameter p : network.parameters()) {
      double[] numbers = Vectors.scaled(0.4, Vectors.normal(random, p.type().shape().size()));
      for (int i = 0; p.type().shape().rank() == 2 && i < numbers.length; i++) {
        // Near the unit matrix, so that LU is as good as its rounding.
        numbers[i] += i % (p.type().shape().dim(1) + 1) == 0 ? 1 : 0;
      }
      values.put(p.name(), Literal.of(p.type(), numbers));
    }
    return Weights.of(values);
  }
}
