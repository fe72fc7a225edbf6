package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/** Identities that hold for the kernel of any network. */
class KernelIdentityTest {
  private static final Engine ENGINE = new ReferenceEngine();
  private static final int D = 3;

  @AfterContainer
  static void close() {
    ENGINE.close();
  }

  private static Model model(long seed, String activation) {
    return Grams.mlp("mlp:3-6-5-2:" + activation + "?param=ntk&bias=true&seed=" + seed);
  }

  private static double[][] samples(int n, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[n][];
    Arrays.setAll(x, i -> random.doubles(D, -2, 2).toArray());
    return x;
  }

  private static double[] trace(Model model, double[]... x) {
    return Grams.gram(
        ENGINE,
        model.graph(),
        model.weights(),
        KernelKind.TRACE,
        Grams.parameters(model.graph()),
        x);
  }

  @Property(tries = 25)
  void kernelIsSymmetricPositiveAndObeysCauchySchwarz(
      @ForAll @IntRange(min = 1, max = 9) int n, @ForAll @LongRange(min = 0, max = 999) long seed) {
    double[] k = trace(model(seed, "tanh"), samples(n, seed));
    for (int i = 0; i < n; i++) {
      assertTrue(k[i * n + i] > 0);
      for (int j = 0; j < n; j++) {
        assertEquals(k[i * n + j], k[j * n + i], 1e-12 * k[i * n + i]);
        assertTrue(Math.abs(k[i * n + j]) <= (1 + 1e-12) * Math.sqrt(k[i * n + i] * k[j * n + j]));
      }
    }
    double[][] matrix = new double[n][];
    Arrays.setAll(matrix, i -> Arrays.copyOfRange(k, i * n, (i + 1) * n));
    double[] eigenvalues =
        new EigenDecomposition(new Array2DRowRealMatrix(matrix)).getRealEigenvalues();
    double largest = Arrays.stream(eigenvalues).max().orElseThrow();
    assertTrue(Arrays.stream(eigenvalues).min().orElseThrow() >= -1e-13 * n * largest);
  }

  @Property(tries = 15)
  void permutingSamplesPermutesTheKernelBitForBit(@ForAll @LongRange(min = 0, max = 99) long seed) {
    double[][] x = samples(5, seed);
    int[] order = {3, 0, 4, 1, 2};
    double[][] moved = Arrays.stream(order).mapToObj(i -> x[i]).toArray(double[][]::new);
    double[] k = trace(model(seed, "gelu"), x);
    double[] m = trace(model(seed, "gelu"), moved);
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        assertEquals(k[order[i] * 5 + order[j]], m[i * 5 + j]);
      }
    }
  }

  @Property(tries = 15)
  void duplicateSamplesGiveEqualRowsAndZeroSamplesZeroRows(
      @ForAll @LongRange(min = 0, max = 99) long seed) {
    Model model = Grams.mlp("mlp:3-7-2:relu?param=ntk&bias=false&seed=" + seed);
    double[][] x = samples(4, seed);
    x[2] = x[0];
    x[3] = new double[D];
    double[] k = trace(model, x);
    for (int j = 0; j < 4; j++) {
      assertEquals(k[j], k[2 * 4 + j]);
      assertEquals(0, k[3 * 4 + j]);
    }
  }

  @Property(tries = 15)
  void rescalingAReluUnitMovesWeightBetweenLayers(@ForAll @LongRange(min = 0, max = 99) long seed) {
    Model model = Grams.mlp("mlp:3-6-2:relu?param=standard&bias=false&seed=" + seed);
    double c = 1.7;
    Map<String, Literal> scaled = new LinkedHashMap<>();
    scaled.put("0.weight", times(model.weights().get("0.weight"), c));
    scaled.put("1.weight", times(model.weights().get("1.weight"), 1 / c));
    double[][] x = samples(3, seed);
    for (int layer = 0; layer < 2; layer++) {
      List<String> one = List.of(layer + ".weight");
      double[] before =
          Grams.gram(ENGINE, model.graph(), model.weights(), KernelKind.TRACE, one, x);
      double[] after =
          Grams.gram(ENGINE, model.graph(), Weights.of(scaled), KernelKind.TRACE, one, x);
      double factor = layer == 0 ? 1 / (c * c) : c * c;
      for (int i = 0; i < before.length; i++) {
        assertEquals(factor * before[i], after[i], 1e-12 * Math.abs(after[i]) + 1e-15);
      }
    }
  }

  @Property(tries = 15)
  void kernelTimesVectorEqualsPushedPullback(@ForAll @LongRange(min = 0, max = 99) long seed) {
    Model model = model(seed, "softplus");
    Graph network = model.graph();
    double[][] x = samples(6, seed);
    double[] v = new Random(seed).doubles(6, -1, 1).toArray();
    double[] k =
        Grams.gram(
            ENGINE,
            Networks.select(network, List.of(1)),
            model.weights(),
            KernelKind.TRACE,
            Grams.parameters(network),
            x);
    double[] pushed = push(model, pull(model, x, v), x);
    for (int i = 0; i < 6; i++) {
      double product = 0;
      for (int j = 0; j < 6; j++) {
        product += k[i * 6 + j] * v[j];
      }
      assertEquals(product, pushed[i], 1e-11 * Math.abs(k[i * 6 + i]));
    }
  }

  @Property(tries = 10)
  void lastLayerKernelIsTheGramMatrixOfTheHiddenLayerForEachOutput(
      @ForAll @LongRange(min = 0, max = 99) long seed) {
    Model model = Grams.mlp("mlp:3-4-2:identity?param=standard&bias=true&seed=" + seed);
    double[][] x = samples(3, seed);
    double[] k =
        Grams.gram(
            ENGINE,
            model.graph(),
            model.weights(),
            KernelKind.FULL,
            List.of("1.weight", "1.bias"),
            x);
    double[][] h = new double[3][];
    Arrays.setAll(h, n -> hidden(model.weights(), x[n]));
    for (int o = 0; o < 2; o++) {
      for (int p = 0; p < 2; p++) {
        for (int n = 0; n < 3; n++) {
          for (int m = 0; m < 3; m++) {
            double expected = o == p ? 1 : 0;
            for (int i = 0; o == p && i < 4; i++) {
              expected += h[n][i] * h[m][i];
            }
            assertEquals(
                expected, k[((o * 2 + p) * 3 + n) * 3 + m], 1e-12 * (1 + Math.abs(expected)));
          }
        }
      }
    }
  }

  /** x W + b of the first layer, by hand. */
  private static double[] hidden(Weights weights, double[] x) {
    double[] w = weights.get("0.weight").toArray();
    double[] hidden = weights.get("0.bias").toArray();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < hidden.length; j++) {
        hidden[j] += x[i] * w[i * hidden.length + j];
      }
    }
    return hidden;
  }

  @Property(tries = 10)
  void biasFreeReluNetworksAreHomogeneousInEveryLayerAndInTheInput(
      @ForAll @LongRange(min = 0, max = 99) long seed) {
    Model model = Grams.mlp("mlp:3-7-6-2:relu?param=standard&bias=false&seed=" + seed);
    double[][] x = samples(4, seed);
    double[] f =
        ENGINE
            .evaluate(
                Batch.of(model.graph(), Set.of(input(model)), x.length),
                model.weights(),
                List.of(Grams.rows(x)))
            .get(0)
            .doubles();
    for (String layer : Grams.parameters(model.graph())) {
      // <W, df/dW> is the jvp along W itself.
      Graph along = Batch.of(Jvp.of(model.graph(), List.of(layer)), Set.of(input(model)), x.length);
      Literal w = model.weights().get(layer);
      double[] product =
          ENGINE
              .evaluate(
                  along,
                  model.weights(),
                  List.of(Grams.rows(x), HostTensor.of(w.type().shape(), w.toArray())))
              .get(0)
              .doubles();
      assertClose(f, product);
    }
    Graph alongInput =
        Batch.of(
            Jvp.of(model.graph(), List.of(input(model))),
            Set.of(input(model), "tangent"),
            x.length);
    assertClose(
        f,
        ENGINE
            .evaluate(alongInput, model.weights(), List.of(Grams.rows(x), Grams.rows(x)))
            .get(0)
            .doubles());
  }

  private static void assertClose(double[] expected, double[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-12 * (1 + Math.abs(expected[i])));
    }
  }

  /** sum_n v_n df_1(x_n)/dtheta, by reverse mode, one parameter after the other. */
  private static List<double[]> pull(Model model, double[][] x, double[] v) {
    List<String> names = Grams.parameters(model.graph());
    Graph graph =
        Batch.of(Vjp.of(model.graph(), names), Set.of(input(model), "cotangent"), x.length);
    double[] cotangents = new double[2 * v.length];
    for (int n = 0; n < v.length; n++) {
      cotangents[2 * n + 1] = v[n];
    }
    List<HostTensor> perSample =
        ENGINE.evaluate(
            graph,
            model.weights(),
            List.of(Grams.rows(x), HostTensor.of(Shape.of(v.length, 2), cotangents)));
    return perSample.stream()
        .map(
            tensor -> {
              double[] all = tensor.doubles();
              double[] sum = new double[all.length / v.length];
              for (int i = 0; i < all.length; i++) {
                sum[i % sum.length] += all[i];
              }
              return sum;
            })
        .toList();
  }

  /** J_1(x_n) u for each sample, by forward mode. */
  private static double[] push(Model model, List<double[]> direction, double[][] x) {
    List<String> names = Grams.parameters(model.graph());
    Graph graph = Batch.of(Jvp.of(model.graph(), names), Set.of(input(model)), x.length);
    List<HostTensor> inputs = new ArrayList<>(List.of(Grams.rows(x)));
    for (int i = 0; i < names.size(); i++) {
      inputs.add(
          HostTensor.of(model.graph().parameter(names.get(i)).type().shape(), direction.get(i)));
    }
    double[] all = ENGINE.evaluate(graph, model.weights(), inputs).get(0).doubles();
    double[] second = new double[x.length];
    Arrays.setAll(second, n -> all[2 * n + 1]);
    return second;
  }

  private static String input(Model model) {
    return model.graph().inputs().get(0).name();
  }

  private static Literal times(Literal literal, double c) {
    double[] values = literal.toArray();
    Arrays.setAll(values, i -> values[i] * c);
    return Literal.of(literal.type(), values);
  }
}
