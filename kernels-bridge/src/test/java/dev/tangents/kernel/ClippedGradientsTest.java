package dev.tangents.kernel;

import static dev.tangents.testkit.Everywhere.assertOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Losses;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clipped sums against gradients that are formed and clipped one by one. */
class ClippedGradientsTest {
  private static final int N = 5;

  static Stream<String> networks() {
    return TestNetworks.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void sumIsThatOfTheClippedGradients(String name) {
    Graph loss = Losses.weighted(TestNetworks.all().get(name), Losses.meanSquare());
    Weights weights = KernelTermTest.weights(loss, 43);
    List<double[]> data = data(loss);
    List<String> parameters = Grams.parameters(loss);
    List<double[]> formed = Runs.reference(Gradients.perSample(loss, parameters, N), weights, data);
    double[] norms = norms(formed.subList(1, formed.size()));
    // Between the norms, so that some samples are clipped and some are not.
    double bound = Arrays.stream(norms).sorted().skip(N / 2).findFirst().orElseThrow() * 1.01;
    assertTrue(Arrays.stream(norms).anyMatch(norm -> norm > bound), "a sample is clipped");
    List<double[]> expected = new ArrayList<>(List.of(formed.get(0), norms));
    for (double[] gradients : formed.subList(1, formed.size())) {
      expected.add(clippedSum(gradients, norms, bound));
    }
    Graph clipped = ClippedGradients.sum(loss, parameters, bound, N);
    assertOn(Engines.all(), expected, clipped, weights, data, 1e-11);
  }

  /** Far above every norm the sum is the plain one, bit for bit: all factors are 1. */
  @Test
  void aWideBoundChangesNothing() {
    Graph loss = Losses.on(TestNetworks.all().get("dense with bias"), Losses.meanSquare());
    Weights weights = KernelTermTest.weights(loss, 44);
    List<String> parameters = Grams.parameters(loss);
    List<double[]> plain = Runs.reference(Gradients.sum(loss, parameters, N), weights, data(loss));
    List<double[]> clipped =
        Runs.reference(ClippedGradients.sum(loss, parameters, 1e9, N), weights, data(loss));
    for (int i = 1; i < plain.size(); i++) {
      assertEquals(Arrays.toString(plain.get(i)), Arrays.toString(clipped.get(i + 1)));
    }
  }

  /** No value of the graph is as large as N gradients of the largest weight. */
  @Test
  void noGradientOfASampleIsFormed() {
    Graph loss = Losses.on(TestNetworks.all().get("dense with bias"), Losses.meanSquare());
    int samples = 64;
    Graph graph = Runs.simplified(ClippedGradients.sum(loss, Grams.parameters(loss), 1, samples));
    long largest =
        graph.nodes().stream()
            .filter(Node.Apply.class::isInstance)
            .mapToLong(node -> node.type().shape().size())
            .max()
            .orElseThrow();
    assertTrue(largest <= samples * 5L, () -> "a value of " + largest + " numbers in\n" + graph);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aBoundIsAPositiveNumber(double bound) {
    Graph loss = Losses.on(TestNetworks.all().get("one output"), Losses.meanSquare());
    TangentsException wrong =
        assertThrows(
            TangentsException.class, () -> ClippedGradients.sum(loss, List.of("W"), bound, N));
    assertTrue(
        wrong.getMessage().contains("Clipping: expected a bound above 0, got " + bound),
        wrong.getMessage());
  }

  /** Samples, targets, and weights of which one is 0. */
  private static List<double[]> data(Graph loss) {
    Random random = new Random(45);
    List<double[]> data = new ArrayList<>();
    for (Node.Input input : loss.inputs()) {
      data.add(Vectors.normal(random, N * input.type().shape().size()));
    }
    if (data.size() == 3) {
      data.set(2, new double[] {1, 0, 0.5, 2, 1});
    }
    return data;
  }

  private static double[] norms(List<double[]> gradients) {
    double[] squares = new double[N];
    for (double[] gradient : gradients) {
      for (int i = 0; i < gradient.length; i++) {
        squares[i / (gradient.length / N)] += gradient[i] * gradient[i];
      }
    }
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  private static double[] clippedSum(double[] gradients, double[] norms, double bound) {
    int size = gradients.length / N;
    double[] sum = new double[size];
    IntStream.range(0, gradients.length)
        .forEach(i -> sum[i % size] += gradients[i] * Math.min(1, bound / norms[i / size]));
    return sum;
  }
}
