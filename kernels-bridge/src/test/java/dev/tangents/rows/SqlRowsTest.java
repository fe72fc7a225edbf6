package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Jacobians;
import dev.tangents.derivative.Losses;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.kernel.PairwiseKernel;
import dev.tangents.kernel.Projections;
import dev.tangents.rows.RowRequest.LossRequest;
import dev.tangents.transform.Bind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Quantities that functions of SQL have and commands do not. */
class SqlRowsTest extends RowRuns {
  private static final double TOLERANCE = 1e-12;

  @Test
  void outputsAndLoss() {
    assertSame(model, model.graph(), RowRequest.of(Quantity.OUTPUTS), SampleInput.FEATURES);
    assertSame(
        model,
        Losses.on(model.graph(), Losses.meanSquare()),
        RowRequest.of(Quantity.LOSS).withLoss(LossRequest.of(LossKind.MSE)),
        SampleInput.FEATURES,
        SampleInput.TARGET);
  }

  @Test
  void projectedGradientOfALoss() {
    Graph loss = Losses.on(model.graph(), Losses.meanSquare());
    Graph projected = Projections.of(loss, parameters(model), 7, 3);
    Literal one = Literal.splat(projected.input(Projections.COTANGENT).type(), 1);
    assertSame(
        model,
        Bind.constant(projected, Projections.COTANGENT, one),
        RowRequest.of(Quantity.PROJECTED_LOSS_GRADIENT).withProjection(7, 3),
        SampleInput.FEATURES,
        SampleInput.TARGET);
  }

  /** Of many features, so that the estimate is near what it estimates. */
  @Test
  void productsOfProjectedGradientsEstimateTheirSquare() {
    RowRequest request = RowRequest.of(Quantity.PROJECTED_LOSS_GRADIENT).withProjection(20_000, 1);
    Graph gradients =
        Gradients.of(Losses.on(model.graph(), Losses.meanSquare()), parameters(model));
    List<double[]> rows =
        written(run(model, pass(model, request), model.weights(), SIZES.get(0)), 0);
    for (int n = 0; n < N; n++) {
      double[] all = alone(model, gradients, n, SampleInput.FEATURES, SampleInput.TARGET);
      double square = Arrays.stream(all).skip(1).map(g -> g * g).sum();
      double estimate = Arrays.stream(rows.get(n)).map(phi -> phi * phi).sum();
      assertEquals(square, estimate, 0.06 * square);
    }
  }

  @Test
  void normOfTheParameterJacobianAndKernelOfAPair() {
    Graph jacobian = Jacobians.reverse(model.graph(), parameters(model));
    List<double[]> norms = rows(Quantity.PARAMETER_NORM, SIZES.get(1));
    for (int n = 0; n < N; n++) {
      double[] j = alone(model, jacobian, n, SampleInput.FEATURES);
      double square = Arrays.stream(j).map(d -> d * d).sum();
      assertArrayEquals(new double[] {Math.sqrt(square)}, norms.get(n), TOLERANCE);
    }
    assertSame(
        model,
        PairwiseKernel.of(model.graph(), parameters(model)),
        RowRequest.of(Quantity.PAIR_KERNEL),
        SampleInput.FEATURES,
        SampleInput.OTHER_FEATURES);
  }

  private List<double[]> rows(Quantity quantity, RowSize size) {
    RowPass pass = pass(model, RowRequest.of(quantity));
    return written(run(model, pass, model.weights(), size), 0);
  }

  @Test
  void sumOfParameterJacobiansLeavesPaddingOut() {
    Graph jacobian = Jacobians.reverse(model.graph(), parameters(model));
    double[] expected = new double[alone(model, jacobian, 0, SampleInput.FEATURES).length];
    for (int n = 0; n < N; n++) {
      double[] j = alone(model, jacobian, n, SampleInput.FEATURES);
      Arrays.setAll(expected, i -> expected[i] + j[i]);
    }
    samples.remove(SampleInput.WEIGHT);
    RowPass pass = pass(model, RowRequest.of(Quantity.PARAMETER_JACOBIAN_SUM));
    for (RowSize size : SIZES) {
      double[] found = new double[expected.length];
      for (RowBatch batch : run(model, pass, model.weights(), size)) {
        int at = 0;
        for (HostTensor part : batch.sums().get(0)) {
          for (double value : part.doubles()) {
            found[at++] += value;
          }
        }
      }
      assertArrayEquals(expected, found, TOLERANCE, size::toString);
    }
  }

  @Test
  void commandsDoNotWriteQuantitiesOfSqlAlone() {
    assertFalse(Quantity.written().contains(Quantity.PAIR_KERNEL));
    assertEquals(14, Quantity.written().size());
  }
}
