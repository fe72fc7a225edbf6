package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Sub.sub;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.testkit.Everywhere.assertOn;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Losses;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.reduce.Sum;
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

/** Norms from factors against gradients that are formed, for every way of using a parameter. */
class GradientNormsTest {
  private static final int N = 4;

  static Stream<Arguments> cases() {
    return TestNetworks.all().keySet().stream()
        .flatMap(name -> Arrays.stream(Method.values()).map(method -> arguments(name, method)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void normIsThatOfTheGradient(String name, Method method) {
    Graph network = TestNetworks.all().get(name);
    Graph loss = Losses.on(network, Losses.meanSquare());
    List<String> parameters = Grams.parameters(network);
    Random random = new Random(41);
    Weights weights = weights(network, random);
    List<double[]> data =
        List.of(
            Vectors.normal(random, N * TestNetworks.D),
            Vectors.normal(random, N * loss.input(Losses.TARGET).type().shape().size()));
    List<double[]> formed = Runs.reference(Gradients.perSample(loss, parameters, N), weights, data);
    double[] squares = new double[N];
    for (double[] gradient : formed.subList(1, formed.size())) {
      for (int i = 0; i < gradient.length; i++) {
        squares[i / (gradient.length / N)] += gradient[i] * gradient[i];
      }
    }
    Graph squared =
        Batch.of(GradientNorms.squared(loss, parameters, method), Set.of("x", Losses.TARGET), N);
    assertOn(Engines.all(), List.of(formed.get(0), squares), squared, weights, data, 1e-12);
  }

  /** Where a weight has a factor form, no array of its size is in the graph of a sample. */
  @Test
  void noGradientIsFormedForADenseLayer() {
    Graph network = TestNetworks.all().get("dense with bias");
    Graph loss = Losses.on(network, Losses.meanSquare());
    Graph norms = Runs.simplified(GradientNorms.of(loss, Grams.parameters(network)));
    long largest =
        norms.nodes().stream()
            .filter(Node.Apply.class::isInstance)
            .mapToLong(node -> node.type().shape().size())
            .max()
            .orElseThrow();
    assertTrue(largest <= 5, () -> "a value of " + largest + " numbers in\n" + norms);
  }

  @Test
  void theNormOfSelectedParametersAndOfNone() {
    Graph network = TestNetworks.all().get("dense with bias");
    Graph loss = Losses.on(network, Losses.meanSquare());
    Random random = new Random(42);
    Weights weights = weights(network, random);
    List<double[]> data = List.of(Vectors.normal(random, 4), Vectors.normal(random, 3));
    double[] b = Runs.reference(Gradients.of(loss, List.of("b")), weights, data).get(1);
    double[] norm = Runs.reference(GradientNorms.of(loss, List.of("b")), weights, data).get(1);
    assertClose(new double[] {Math.sqrt(Vectors.dot(b, b))}, norm, 1e-14, "b alone");
    assertEquals(0, Runs.reference(GradientNorms.of(loss, List.of()), weights, data).get(1)[0]);
  }

  /** x W - (3 x) (W / 3) has gradient 0; its square from the factors is a rounding error. */
  @Test
  void theNormOfUsesThatCancelIsANumber() {
    GraphBuilder b = new GraphBuilder();
    Value x = reshape(b.input("x", TensorType.real(4)), 1, 4);
    Value w = b.parameter("W", TensorType.real(4, 3));
    Value scaled = matMul(scale(x, 3), scale(w, 1.0 / 3));
    Graph loss = b.build(reshape(Sum.sum(sub(matMul(x, w), scaled), 1), Shape.scalar()));
    Random random = new Random(47);
    int n = 50;
    Graph norms = Batch.of(GradientNorms.of(loss, List.of("W")), Set.of("x"), n);
    List<double[]> data = List.of(Vectors.normal(random, 4L * n));
    double[] squares =
        Runs.reference(
                Batch.of(
                    GradientNorms.squared(loss, List.of("W"), Method.INPUTS_FIRST), Set.of("x"), n),
                weights(loss, random),
                data)
            .get(1);
    assertTrue(Arrays.stream(squares).anyMatch(square -> square < 0), "a square below 0");
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        double[] norm = Runs.on(engine, norms, weights(loss, random), data).get(1);
        assertTrue(Arrays.stream(norm).allMatch(value -> value >= 0 && value < 0.02), entry.name());
      }
    }
  }

  @Test
  void aVectorAndAnUnknownParameterAreRefused() {
    Graph network = TestNetworks.all().get("dense with bias");
    TangentsException vector =
        assertThrows(TangentsException.class, () -> GradientNorms.of(network, List.of("b")));
    assertTrue(
        vector
            .getMessage()
            .contains("Gradient norms: expected one real scalar result, got [REAL[3]]"),
        vector.getMessage());
    Graph loss = Losses.on(network, Losses.meanSquare());
    TangentsException unknown =
        assertThrows(TangentsException.class, () -> GradientNorms.of(loss, List.of("w")));
    assertTrue(unknown.getMessage().contains("no parameter 'w'"), unknown.getMessage());
  }

  private static Weights weights(Graph network, Random random) {
    Map<String, Literal> values = new LinkedHashMap<>();
    for (Node.Parameter parameter : network.parameters()) {
      double[] numbers = Vectors.normal(random, parameter.type().shape().size());
      values.put(parameter.name(), Literal.of(parameter.type(), numbers));
    }
    return Weights.of(values);
  }
}
