package dev.tangents.job.bench.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.transform.Vjp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The benchmarks' networks are those of the papers, and every parameter of theirs matters. */
class RandomNetworkTest {
  private static final VisionTransformer.Size SMALL = new VisionTransformer.Size(6, 2, 3, 2);

  static Stream<RandomNetwork> small() {
    return Stream.of(
        Perceptron.of(List.of(5L, 4L, 3L, 2L)), ResNet18.of(2, 3), VisionTransformer.of(SMALL, 3));
  }

  @Test
  void parametersAreAsManyAsPublished() {
    assertEquals(1_863_690, Perceptron.of(List.of(784L, 1024L, 1024L, 10L)).parameterCount());
    assertEquals(11_173_962, ResNet18.of(ResNet18.FULL_WIDTH, 10).parameterCount());
    // 12 blocks of 12 w^2 + 13 w, patches 49 w, token w, positions 65 w, norm 2 w, readout 10 w +
    // 10.
    long w = 192;
    assertEquals(
        12 * (12 * w * w + 13 * w) + (49 + 1 + 65 + 2 + 10) * w + 10,
        VisionTransformer.of(VisionTransformer.TINY, 10).parameterCount());
  }

  @ParameterizedTest
  @MethodSource("small")
  void outputsAreFiniteAndOfTheSizeOfOne(RandomNetwork network) {
    double[] y = evaluate(network, false).get(0);
    assertEquals(network.graph().outputTypes().get(0).shape().size(), y.length);
    double size = Math.sqrt(Arrays.stream(y).map(v -> v * v).average().orElseThrow());
    assertTrue(size > 0.01 && size < 100, () -> network.name() + ": " + Arrays.toString(y));
  }

  @ParameterizedTest
  @MethodSource("small")
  void everyParameterHasAGradient(RandomNetwork network) {
    List<double[]> gradients = evaluate(network, true);
    List<Node.Parameter> parameters = network.graph().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      double norm = Arrays.stream(gradients.get(i)).map(v -> v * v).sum();
      String name = network.name() + ", " + parameters.get(i).name();
      assertTrue(norm > 0 && Double.isFinite(norm), () -> name + ": squared norm " + norm);
    }
  }

  /** A shift of all keys changes no softmax; queries and values are other parts of the product. */
  @Test
  void attentionTakesQueriesKeysAndValuesApart() {
    RandomNetwork network = VisionTransformer.of(SMALL, 3);
    List<String> names = network.graph().parameters().stream().map(Node.Parameter::name).toList();
    double[] gradient = evaluate(network, true).get(names.indexOf("blocks.0.attn.qkv.bias"));
    double[] parts = new double[3];
    for (int i = 0; i < gradient.length; i++) {
      parts[i / (gradient.length / 3)] += Math.abs(gradient[i]);
    }
    assertTrue(parts[0] > 1e-6, () -> "queries: " + parts[0]);
    assertEquals(0, parts[1], 1e-12, "keys");
    assertTrue(parts[2] > 1e-6, () -> "values: " + parts[2]);
  }

  @Test
  void numbersAreTheSameInEveryRun() {
    RandomNetwork network = Perceptron.of(List.of(3L, 2L, 1L));
    for (String name : network.weights().names()) {
      assertEquals(
          network.weights().get(name), Perceptron.of(List.of(3L, 2L, 1L)).weights().get(name));
    }
  }

  /** f(x), or the gradients of sum_o (o + 1) f_o(x) by each parameter. */
  private static List<double[]> evaluate(RandomNetwork network, boolean gradients) {
    int features = (int) network.graph().inputs().get(0).type().shape().size();
    int outputs = (int) network.graph().outputTypes().get(0).shape().size();
    double[] x = new double[features];
    Arrays.setAll(x, d -> Math.sin(0.1 + 0.3 * d));
    double[] cotangent = new double[outputs];
    Arrays.setAll(cotangent, o -> o + 1);
    HostTensor sample = HostTensor.of(Shape.of(features), x);
    List<String> parameters =
        network.graph().parameters().stream().map(Node.Parameter::name).toList();
    try (Engine engine = new Nd4jEngine(Precision.DOUBLE)) {
      List<HostTensor> results =
          gradients
              ? engine.evaluate(
                  Vjp.of(network.graph(), parameters),
                  network.weights(),
                  List.of(sample, HostTensor.of(Shape.of(outputs), cotangent)))
              : engine.evaluate(network.graph(), network.weights(), List.of(sample));
      return results.stream().map(HostTensor::doubles).toList();
    }
  }
}
