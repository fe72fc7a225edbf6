package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertResults;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GradientNorms;
import dev.tangents.kernel.Method;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Loss gradients of samples and batches, with known values. */
class GradientsTest {
  private static final double EXACT = 1e-14;
  private static final List<String> WRT = List.of("W", "b");

  /** Case G4: a linear softmax classifier. */
  private static final Weights G4 =
      Weights.of(
          Map.of(
              "W", Literal.of(TensorType.real(3, 2), 1, 0, 0, 1, -1, 1),
              "b", Literal.of(TensorType.real(3), 0, 0, 0.5)));

  private static final List<double[]> G4_DATA =
      List.of(new double[] {1, 2, -1, 0.5}, new double[] {0, 1, 0, 1, 0, 0});

  private static final double[] G4_LOSSES = {0.680269670641735, 3.241311296657157};

  private static Graph g4() {
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(2)), 2, 1);
    Value product = MatMul.matMul(builder.parameter("W", TensorType.real(3, 2)), x);
    Value b = builder.parameter("b", TensorType.real(3));
    Graph network = builder.build(Add.add(Reshape.reshape(product, 3), b));
    return Losses.on(network, Losses.softmaxCrossEntropy());
  }

  @Test
  void perSampleGradientsOfTheSoftmaxClassifier() {
    Graph graph = Gradients.perSample(g4(), WRT, 2);
    List<double[]> results = Runs.reference(graph, G4, G4_DATA);
    assertClose(G4_LOSSES, results.get(0), EXACT, "losses");
    double[] p1 = {0.1863237232258476, 0.506480391055654, 0.3071958857184984};
    assertClose(
        new double[] {p1[0], p1[1] - 1, p1[2]}, Vectors.row(results.get(2), 0, 3), EXACT, "by b");
    double[] squares = new double[2];
    for (int n = 0; n < 2; n++) {
      double[] w = Vectors.row(results.get(1), n, 6);
      double[] b = Vectors.row(results.get(2), n, 3);
      squares[n] = Vectors.dot(w, w) + Vectors.dot(b, b);
    }
    assertClose(new double[] {2.235884678710171, 3.535186655651741}, squares, EXACT, "norms");
    assertResults(results, graph, G4, G4_DATA, EXACT);
  }

  @Test
  void normsFromTheFactors() {
    double[] squares = {2.235884678710171, 3.535186655651741};
    Graph squared = GradientNorms.squared(g4(), WRT, Method.INPUTS_FIRST);
    assertResults(
        List.of(G4_LOSSES, squares),
        Batch.of(squared, Set.of("x", "target"), 2),
        G4,
        G4_DATA,
        EXACT);
    assertResults(
        List.of(G4_LOSSES, Arrays.stream(squares).map(Math::sqrt).toArray()),
        Batch.of(GradientNorms.of(g4(), WRT), Set.of("x", "target"), 2),
        G4,
        G4_DATA,
        EXACT);
  }

  /** The mean gradient is known; the sum is twice it, and the mean of the per-sample gradients. */
  @Test
  void meanAndSumOfLossesHaveTheExpectedGradients() {
    double[] byW = {
      0.57360557497758,
      -0.0538981334564806,
      -0.334405000542191,
      -0.449697010909337,
      -0.239200574435389,
      0.503595144365817
    };
    double[] byB = {-0.387281851751733, -0.159114608402155, 0.546396460153887};
    double total = G4_LOSSES[0] + G4_LOSSES[1];
    assertResults(
        List.of(new double[] {total / 2}, byW, byB),
        Gradients.mean(g4(), WRT, 2),
        G4,
        G4_DATA,
        EXACT);
    assertResults(
        List.of(new double[] {total}, Vectors.scaled(2, byW), Vectors.scaled(2, byB)),
        Gradients.sum(g4(), WRT, 2),
        G4,
        G4_DATA,
        EXACT);
  }

  /**
   * Case S2: z = x W + b, x = ones(5), targets zeros(3): by b sigmoid(z) / 3, by W the same rows.
   */
  @Test
  void binaryCrossEntropyOfTheSmallCase() {
    GraphBuilder builder = new GraphBuilder();
    Value x = Reshape.reshape(builder.input("x", TensorType.real(5)), 1, 5);
    Value product = MatMul.matMul(x, builder.parameter("W", TensorType.real(5, 3)));
    Value b = builder.parameter("b", TensorType.real(3));
    Graph network = builder.build(Add.add(Reshape.reshape(product, 3), b));
    Random random = new Random(11);
    double[] w = Vectors.normal(random, 15);
    double[] bias = Vectors.normal(random, 3);
    double loss = 0;
    double[] byW = new double[15];
    double[] byB = new double[3];
    for (int i = 0; i < 3; i++) {
      double z = bias[i];
      for (int k = 0; k < 5; k++) {
        z += w[3 * k + i];
      }
      loss += Math.log1p(Math.exp(z)) / 3;
      byB[i] = 1 / (3 * (1 + Math.exp(-z)));
      for (int k = 0; k < 5; k++) {
        byW[3 * k + i] = byB[i];
      }
    }
    assertResults(
        List.of(new double[] {loss}, byW, byB),
        Gradients.of(Losses.on(network, Losses.binaryCrossEntropy()), WRT),
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(5, 3), w),
                "b", Literal.of(TensorType.real(3), bias))),
        List.of(new double[] {1, 1, 1, 1, 1}, new double[3]),
        EXACT);
  }

  @Test
  void noSamplesHaveNoGradientsAndASumOfZero() {
    List<double[]> none = List.of(new double[0], new double[0]);
    Graph perSample = Gradients.perSample(g4(), WRT, 0);
    assertEquals(
        List.of(TensorType.real(0), TensorType.real(0, 3, 2), TensorType.real(0, 3)),
        perSample.outputTypes());
    assertResults(List.of(new double[0], new double[0], new double[0]), perSample, G4, none, EXACT);
    assertResults(
        List.of(new double[1], new double[6], new double[3]),
        Gradients.sum(g4(), WRT, 0),
        G4,
        none,
        EXACT);
  }
}
