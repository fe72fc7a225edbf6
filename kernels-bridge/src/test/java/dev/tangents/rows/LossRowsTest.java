package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Losses;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GradientNorms;
import dev.tangents.rows.RowRequest.LossRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Derivatives of a loss: every chunk of samples gives the same records, and sums of what one sample
 * gives by itself.
 */
class LossRowsTest extends RowRuns {
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void gradientsOfEachSampleAndTheirNorms(boolean weighted) {
    LossRequest loss = new LossRequest(LossKind.HALF_MSE, 1, weighted, Double.POSITIVE_INFINITY);
    Graph graph = Losses.on(model.graph(), Losses.halfMeanSquare());
    SampleInput[] inputs = {SampleInput.FEATURES, SampleInput.TARGET};
    if (weighted) {
      graph = Losses.weighted(graph);
      inputs = new SampleInput[] {SampleInput.FEATURES, SampleInput.TARGET, SampleInput.WEIGHT};
    }
    List<String> names = parameters(model);
    assertSame(
        model,
        Gradients.of(graph, names),
        RowRequest.of(Quantity.PER_SAMPLE_GRADIENTS).withLoss(loss),
        inputs);
    assertSame(
        model,
        GradientNorms.of(graph, names),
        RowRequest.of(Quantity.GRADIENT_NORMS).withLoss(loss),
        inputs);
  }

  @ParameterizedTest
  @CsvSource({"Infinity", "0.05"})
  void sumOfGradients(double clip) {
    LossRequest loss = new LossRequest(LossKind.MSE, 1, true, clip);
    Graph graph = Losses.weighted(model.graph(), Losses.meanSquare());
    Graph gradient = Gradients.of(graph, parameters(model));
    double[] expected = new double[(int) model.parameterCount()];
    for (int n = 0; n < N; n++) {
      double[] row =
          alone(model, gradient, n, SampleInput.FEATURES, SampleInput.TARGET, SampleInput.WEIGHT);
      double norm =
          Math.sqrt(IntStream.range(1, row.length).mapToDouble(i -> row[i] * row[i]).sum());
      for (int i = 0; i < expected.length; i++) {
        expected[i] += row[i + 1] * Math.min(1, clip / norm);
      }
    }
    RowRequest request = RowRequest.of(Quantity.GRADIENT).withLoss(loss);
    for (RowSize size : SIZES) {
      assertArrayEquals(
          expected, total(run(model, pass(model, request), model.weights(), size)), 1e-12);
    }
  }

  /** H v against central differences of the gradient along v: an error of h^2, and rounding / h. */
  @Test
  void hvpByParameters() {
    Random random = new Random(5);
    Map<String, Literal> both = new LinkedHashMap<>();
    Map<String, Literal> ahead = new LinkedHashMap<>();
    Map<String, Literal> behind = new LinkedHashMap<>();
    double h = 1e-5;
    for (String name : parameters(model)) {
      Literal w = model.weights().get(name);
      double[] v = random.doubles(w.toArray().length, -1, 1).toArray();
      both.put(name, w);
      both.put(LossQuantities.direction(name), Literal.of(w.type(), v));
      ahead.put(name, moved(w, h, v));
      behind.put(name, moved(w, -h, v));
    }
    LossRequest loss =
        new LossRequest(LossKind.SOFTMAX_CROSS_ENTROPY, 1, true, Double.POSITIVE_INFINITY);
    RowPass gradient = pass(model, RowRequest.of(Quantity.GRADIENT).withLoss(loss));
    RowPass hvp = pass(model, RowRequest.of(Quantity.PARAMETER_HVP).withLoss(loss));
    double[] up = total(run(model, gradient, Weights.of(ahead), RowSize.ofSamples(N)));
    double[] down = total(run(model, gradient, Weights.of(behind), RowSize.ofSamples(N)));
    double[] expected =
        IntStream.range(0, up.length).mapToDouble(i -> (up[i] - down[i]) / (2 * h)).toArray();
    for (RowSize size : SIZES) {
      assertArrayEquals(expected, total(run(model, hvp, Weights.of(both), size)), 1e-8);
    }
  }

  private static Literal moved(Literal w, double h, double... v) {
    double[] values = w.toArray();
    return Literal.of(
        w.type(), IntStream.range(0, v.length).mapToDouble(i -> values[i] + h * v[i]).toArray());
  }
}
