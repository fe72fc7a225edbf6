package dev.tangents.kernel;

import static dev.tangents.testkit.Everywhere.assertOn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.Signs.Side;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Vjp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random features of gradients against gradients that are formed and projected. */
class ProjectionsTest {
  private static final int K = 9;
  private static final long SEED = 20;

  static Stream<Arguments> cases() {
    return TestNetworks.all().keySet().stream()
        .flatMap(name -> Arrays.stream(Method.values()).map(method -> arguments(name, method)));
  }

  /** For every way of using a parameter, by either method, for all outputs of two samples. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void featuresAreThoseOfTheGradient(String name, Method method) {
    Graph network = TestNetworks.all().get(name);
    Weights weights = KernelTermTest.weights(network, 61);
    double[] x = Vectors.normal(new Random(62), 2 * TestNetworks.D);
    Signs signs = Signs.rademacher(SEED);
    List<String> parameters = Grams.parameters(network);
    int outputs = outputs(network);
    double[] expected = new double[2 * outputs * K];
    for (int n = 0; n < 2; n++) {
      for (int o = 0; o < outputs; o++) {
        double[] sample = Vectors.row(x, n, TestNetworks.D);
        List<double[]> gradients = gradients(network, weights, sample, o);
        for (int p = 0; p < parameters.size(); p++) {
          Shape shape = network.parameters().get(p).type().shape();
          for (int j = 0; j < K; j++) {
            expected[(n * outputs + o) * K + j] +=
                feature(signs, p, shape, gradients.get(p), j) / Math.sqrt(K);
          }
        }
      }
    }
    Graph one = Projections.of(network, parameters, K, signs, method);
    assertOn(Engines.all(), List.of(expected), perOutput(one, 2), weights, List.of(x), 1e-12);
  }

  /** Feature j times sqrt k, element by element. */
  private static double feature(Signs signs, int parameter, Shape shape, double[] g, int j) {
    double sum = 0;
    for (int i = 0; i < g.length; i++) {
      if (shape.rank() < 2) {
        sum += signs.of(parameter, Side.ELEMENT, i, K)[j] * g[i];
      } else {
        int columns = (int) (shape.size() / shape.dim(0));
        double row = signs.of(parameter, Side.ROW, i / columns, K)[j];
        sum += row * signs.of(parameter, Side.COLUMN, i % columns, K)[j] * g[i];
      }
    }
    return sum;
  }

  /**
   * Identity 13: where r_j and s_j pick one signed element each, k = P features are the gradient,
   * and their inner products are exact.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"dense with bias", "W^T by axes", "W and W^T", "fused slices", "positions"})
  void selectionsGiveTheGradient(String name) {
    Graph network = TestNetworks.all().get(name);
    Weights weights = KernelTermTest.weights(network, 63);
    Shape shape = network.parameter("W").type().shape();
    int k = shape.intSize();
    int columns = (int) shape.dim(1);
    Signs pick =
        (parameter, side, index, count) -> {
          double[] signs = new double[count];
          for (int j = 0; j < count; j++) {
            boolean row = side == Side.ROW;
            if (index == (row ? j / columns : j % columns)) {
              signs[j] = row ? Math.sqrt(k) : (j % 3 == 0 ? -1 : 1);
            }
          }
          return signs;
        };
    Random random = new Random(64);
    double[][] phi = new double[2][];
    double[][] gradient = new double[2][];
    for (int n = 0; n < 2; n++) {
      double[] x = Vectors.normal(random, TestNetworks.D);
      Graph one = Projections.of(network, List.of("W"), k, pick, Method.INPUTS_FIRST);
      double[] first = new double[outputs(network)];
      first[0] = 1;
      phi[n] = Runs.reference(one, weights, List.of(x, first)).get(0);
      int w = network.parameters().indexOf(network.parameter("W"));
      gradient[n] = gradients(network, weights, x, 0).get(w);
      for (int j = 0; j < k; j++) {
        assertEquals((j % 3 == 0 ? -1 : 1) * gradient[n][j], phi[n][j], 1e-14, "element " + j);
      }
    }
    double exact = Vectors.dot(gradient[0], gradient[1]);
    assertEquals(exact, Vectors.dot(phi[0], phi[1]), 1e-13 * (1 + Math.abs(exact)));
  }

  /** Mean and variance of 20,000 independent features, and of the inner products of each seed. */
  @Test
  void innerProductsAreUnbiasedWithTheStatedVariance() {
    Graph network = TestNetworks.all().get("dense with bias");
    Weights weights = KernelTermTest.weights(network, 65);
    Random random = new Random(66);
    double[] x = Vectors.normal(random, TestNetworks.D);
    double[] y = Vectors.combine(Vectors.scaled(0.6, x), 0.8, Vectors.normal(random, x.length));
    List<double[]> g = gradients(network, weights, x, 0);
    List<double[]> h = gradients(network, weights, y, 0);
    double exact = Vectors.dot(g, h);
    double variance = variance(network, g, h);
    int seeds = 200;
    int k = 100;
    double[] draws = new double[seeds * k];
    double[] products = new double[seeds];
    double[] both = Vectors.join(List.of(x, y));
    for (int seed = 0; seed < seeds; seed++) {
      Graph one = Projections.of(network, Grams.parameters(network), k, seed);
      double[] phi = Runs.reference(perOutput(one, 2), weights, List.of(both)).get(0);
      for (int j = 0; j < k; j++) {
        draws[seed * k + j] = k * phi[j] * phi[outputs(network) * k + j];
        products[seed] += draws[seed * k + j] / k;
      }
    }
    assertMoments(exact, variance, draws);
    assertMoments(exact, variance / k, products);
  }

  /** Mean and variance within five deviations, that of the variance as the draws show it. */
  private static void assertMoments(double mean, double variance, double[] draws) {
    double n = draws.length;
    assertEquals(mean, Arrays.stream(draws).average().orElseThrow(), 5 * Math.sqrt(variance / n));
    double second = Arrays.stream(draws).map(d -> Math.pow(d - mean, 2)).sum() / n;
    double fourth = Arrays.stream(draws).map(d -> Math.pow(d - mean, 4)).sum() / n;
    assertEquals(variance, second, 5 * Math.sqrt((fourth - second * second) / n));
  }

  /** V of the class's documentation, for gradients of matrices of rank one. */
  private static double variance(Graph network, List<double[]> g, List<double[]> h) {
    double sum = -Math.pow(Vectors.dot(g, h), 2);
    for (int p = 0; p < g.size(); p++) {
      Shape shape = network.parameters().get(p).type().shape();
      if (shape.rank() == 2) {
        double[][] u = factors(g.get(p), (int) shape.dim(1));
        double[][] v = factors(h.get(p), (int) shape.dim(1));
        sum += moment(u[0], v[0]) * moment(u[1], v[1]);
      } else {
        sum += moment(g.get(p), h.get(p));
      }
      for (int q = 0; q < g.size(); q++) {
        if (q != p) {
          sum += Vectors.dot(g.get(p), g.get(p)) * Vectors.dot(h.get(q), h.get(q));
          sum += 2 * Vectors.dot(g.get(p), h.get(p)) * Vectors.dot(g.get(q), h.get(q));
        }
      }
    }
    return sum;
  }

  private static double moment(double[] u, double[] v) {
    double squares = 0;
    for (int i = 0; i < u.length; i++) {
      squares += u[i] * u[i] * v[i] * v[i];
    }
    return Vectors.dot(u, u) * Vectors.dot(v, v) + 2 * Math.pow(Vectors.dot(u, v), 2) - 2 * squares;
  }

  /** A matrix of rank one as a column and a row: those of its largest element. */
  private static double[][] factors(double[] matrix, int columns) {
    int largest = 0;
    for (int i = 0; i < matrix.length; i++) {
      largest = Math.abs(matrix[i]) > Math.abs(matrix[largest]) ? i : largest;
    }
    double[] column = new double[matrix.length / columns];
    for (int i = 0; i < column.length; i++) {
      column[i] = matrix[i * columns + largest % columns];
    }
    double[] row = Vectors.row(matrix, largest / columns, columns);
    return new double[][] {column, Vectors.scaled(1 / matrix[largest], row)};
  }

  @Test
  void batchSizeDoesNotMatter() {
    for (String name : List.of("dense with bias", "positions", "W and W^T", "weight norm")) {
      Graph network = TestNetworks.all().get(name);
      Weights weights = KernelTermTest.weights(network, 67);
      Graph one = Projections.of(network, Grams.parameters(network), K, SEED);
      int n = 6;
      double[] x = Vectors.normal(new Random(68), n * (long) TestNetworks.D);
      double[] whole = Runs.reference(perOutput(one, n), weights, List.of(x)).get(0);
      for (int size : new int[] {1, 2, 3}) {
        Graph part = perOutput(one, size);
        for (int from = 0; from < n; from += size) {
          double[] rows =
              Arrays.copyOfRange(x, from * TestNetworks.D, (from + size) * TestNetworks.D);
          int width = outputs(network) * K;
          double[] expected = Arrays.copyOfRange(whole, from * width, (from + size) * width);
          double[] actual = Runs.reference(part, weights, List.of(rows)).get(0);
          assertArrayEquals(expected, actual, name + ", " + size + " samples from " + from);
          assertOn(Engines.fast(), List.of(expected), part, weights, List.of(rows), 1e-12);
        }
      }
    }
  }

  /** Selected parameters are terms of the same sum: their signs do not depend on the selection. */
  @Test
  void selectedParametersKeepTheirSigns() {
    Graph network = TestNetworks.all().get("dense with bias");
    Weights weights = KernelTermTest.weights(network, 69);
    double[] x = Vectors.normal(new Random(70), TestNetworks.D);
    double[] sum = new double[3 * K];
    for (List<String> some : List.of(List.of("d", "U"), List.of("W"), List.of("b", "c", "V"))) {
      Graph one = Projections.of(network, some, K, SEED);
      double[] part = Runs.reference(perOutput(one, 1), weights, List.of(x)).get(0);
      sum = Vectors.combine(sum, 1, part);
    }
    Graph all = Projections.of(network, Grams.parameters(network), K, SEED);
    Vectors.assertClose(
        sum, Runs.reference(perOutput(all, 1), weights, List.of(x)).get(0), 1e-14, "sum");
    Graph none = Projections.of(network, List.of(), K, SEED);
    assertArrayEquals(
        new double[3 * K], Runs.reference(perOutput(none, 1), weights, List.of(x)).get(0));
  }

  /** Asking for more features keeps the first ones, but for the factor 1 / sqrt k. */
  @Test
  void fewerFeaturesAreTheFirstOfMore() {
    Graph network = TestNetworks.all().get("one output");
    Weights weights = KernelTermTest.weights(network, 71);
    List<double[]> x = List.of(Vectors.normal(new Random(72), TestNetworks.D));
    Graph many = Projections.of(network, Grams.parameters(network), 300, SEED);
    double[] all = Runs.reference(perOutput(many, 1), weights, x).get(0);
    for (int k : new int[] {1, 2, 129}) {
      double[] first = Vectors.scaled(Math.sqrt(300.0 / k), Arrays.copyOf(all, k));
      Graph few = perOutput(Projections.of(network, Grams.parameters(network), k, SEED), 1);
      assertOn(Engines.all(), List.of(first), few, weights, x, 1e-13);
    }
  }

  /** The input of a layer is projected once for a sample, whatever the number of cotangents. */
  @Test
  void inputsAreProjectedOnceForAllOutputsAndNoGradientIsFormed() {
    Graph network = TestNetworks.all().get("dense with bias");
    Signs drawn = Signs.rademacher(SEED);
    Graph one = Projections.of(network, Grams.parameters(network), 3, drawn, Method.INPUTS_FIRST);
    Graph lanes = Runs.simplified(Batch.sparse(one, Set.of(Projections.COTANGENT), 7).graph());
    // Of all products with signs, only that of W's input has four rows of them.
    List<Shape> results =
        lanes.nodes().stream()
            .filter(
                node ->
                    node instanceof Node.Apply apply
                        && apply.primitive() instanceof MatMul
                        && lanes.node(apply.arguments().get(1)) instanceof Node.Constant signs
                        && signs.type().shape().equals(Shape.of(TestNetworks.D, 3)))
            .map(node -> node.type().shape())
            .toList();
    assertEquals(List.of(Shape.of(1, 3)), results, lanes::toString);
    long largest =
        Runs.simplified(one).nodes().stream()
            .filter(Node.Apply.class::isInstance)
            .mapToLong(node -> node.type().shape().size())
            .max()
            .orElseThrow();
    assertTrue(largest < 15, "the biases together; the smallest gradient of a matrix has 15");
  }

  /** A wide layer by its factors; a narrow one's 25 numbers and 5 biases in one product. */
  @ParameterizedTest
  @CsvSource({"64, 64", "5, 30"})
  void theGradientOfANarrowLayerIsFormed(int width, long expected) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(1, width));
    Value w = builder.parameter("W", TensorType.real(width, width));
    Value b = builder.parameter("b", TensorType.real(1, width));
    Value y = Reshape.reshape(Add.add(MatMul.matMul(x, w), b), width);
    Graph one = Runs.simplified(Projections.of(builder.build(y), List.of("W", "b"), 32, SEED));
    long longest =
        one.nodes().stream()
            .filter(node -> node instanceof Node.Apply)
            .mapToLong(node -> node.type().shape().size())
            .max()
            .orElseThrow();
    assertEquals(Math.max(expected, 32), longest, one::toString);
  }

  @Test
  void unfitCountsAndUnknownParametersAreRefused() {
    Graph network = TestNetworks.all().get("dense with bias");
    assertMessage("expected at least 1 feature, got 0", network, List.of("W"), 0);
    assertMessage("no parameter 'w'", network, List.of("w"), 1);
    assertMessage(
        "parameter 'U' [5, 5] needs 5 x 1000000000 signs", network, List.of("U"), 1_000_000_000);
  }

  private static void assertMessage(String part, Graph network, List<String> names, int k) {
    TangentsException e =
        assertThrows(TangentsException.class, () -> Projections.of(network, names, k, SEED));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private static int outputs(Graph network) {
    return network.outputTypes().get(0).shape().intSize();
  }

  /** Features [N, O, k] of N samples. */
  private static Graph perOutput(Graph one, int samples) {
    int outputs = one.input(Projections.COTANGENT).type().shape().intSize();
    double[] identity = new double[outputs * outputs];
    for (int o = 0; o < outputs; o++) {
      identity[o * outputs + o] = 1;
    }
    Graph lanes = Batch.of(one, Set.of(Projections.COTANGENT), outputs);
    Literal basis = Literal.of(TensorType.real(outputs, outputs), identity);
    return Batch.of(Bind.constant(lanes, Projections.COTANGENT, basis), Set.of("x"), samples);
  }

  /** Gradients of output o by every parameter. */
  private static List<double[]> gradients(Graph network, Weights weights, double[] x, int o) {
    double[] seed = new double[outputs(network)];
    seed[o] = 1;
    Graph pulled = Vjp.of(network, Grams.parameters(network));
    return Runs.reference(pulled, weights, List.of(x, seed));
  }
}
