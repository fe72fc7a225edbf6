package dev.tangents.kernel;

import static dev.tangents.testkit.Everywhere.assertOn;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tangents.derivative.Jacobians;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel of a pair against Jacobians that are formed, for every way of using a parameter. */
class PairwiseKernelTest {
  private static final int N = 3;

  static Stream<Arguments> cases() {
    return TestNetworks.all().keySet().stream()
        .flatMap(name -> Arrays.stream(Method.values()).map(method -> arguments(name, method)));
  }

  private static Weights weights(Graph network, Random random) {
    Map<String, Literal> all = new LinkedHashMap<>();
    for (Node.Parameter parameter : network.parameters()) {
      double[] numbers = Vectors.normal(random, parameter.type().shape().size());
      all.put(parameter.name(), Literal.of(parameter.type(), numbers));
    }
    return Weights.of(all);
  }

  /** Each parameter's Jacobian of one sample, over all outputs. */
  private static List<double[]> jacobians(Graph network, Weights weights, double... x) {
    Graph jacobian = Jacobians.reverse(network, Grams.parameters(network));
    return Runs.reference(jacobian, weights, List.of(x));
  }

  private static double product(List<double[]> one, List<double[]> other) {
    double sum = 0;
    for (int i = 0; i < one.size(); i++) {
      sum += Vectors.dot(one.get(i), other.get(i));
    }
    return sum;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void kernelIsTheProductOfJacobians(String name, Method method) {
    Graph network = TestNetworks.all().get(name);
    Random random = new Random(51);
    Weights weights = weights(network, random);
    double[] x = Vectors.normal(random, N * TestNetworks.D);
    double[] y = Vectors.normal(random, N * TestNetworks.D);
    double[] expected = new double[N];
    for (int n = 0; n < N; n++) {
      expected[n] =
          product(
              jacobians(network, weights, sample(x, n)), jacobians(network, weights, sample(y, n)));
    }
    Graph pair = PairwiseKernel.of(network, Grams.parameters(network), method);
    Graph batch = Batch.of(pair, Set.of("x", PairwiseKernel.other("x")), N);
    assertOn(Engines.all(), List.of(expected), batch, weights, List.of(x, y), 1e-12);
  }

  private static double[] sample(double[] all, int n) {
    return Arrays.copyOfRange(all, n * TestNetworks.D, (n + 1) * TestNetworks.D);
  }

  @Test
  void normIsThatOfTheJacobian() {
    Graph network = TestNetworks.all().get("dense with bias");
    Random random = new Random(52);
    Weights weights = weights(network, random);
    double[] x = Vectors.normal(random, TestNetworks.D);
    List<double[]> j = jacobians(network, weights, x);
    Graph norm = PairwiseKernel.norm(network, Grams.parameters(network));
    double[] found = Runs.reference(norm, weights, List.of(x)).get(0);
    assertClose(new double[] {Math.sqrt(product(j, j))}, found, 1e-13, "norm");
  }

  /** An 8 x 4 weight's gradient has 32 numbers for each output; its factors have 8. */
  @Test
  void noGradientIsFormedForADenseLayer() {
    Graph network = Grams.mlp("mlp:4-8-3:tanh?seed=1").graph();
    Graph pair = Runs.simplified(PairwiseKernel.of(network, Grams.parameters(network)));
    assertTrue(
        pair.nodes().stream()
            .filter(Node.Apply.class::isInstance)
            .allMatch(node -> node.type().shape().size() <= 3 * 8),
        pair::toString);
  }

  @Test
  void noParametersGiveZero() {
    Graph network = TestNetworks.all().get("dense with bias");
    Random random = new Random(53);
    Weights weights = weights(network, random);
    List<double[]> x = List.of(Vectors.normal(random, 4));
    Graph norm = PairwiseKernel.norm(network, List.of());
    assertClose(new double[] {0}, Runs.reference(norm, weights, x).get(0), 0, "norm");
  }
}
