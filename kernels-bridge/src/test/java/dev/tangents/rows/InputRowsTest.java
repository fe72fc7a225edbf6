package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.derivative.Determinants;
import dev.tangents.derivative.Hessians;
import dev.tangents.derivative.Jacobians;
import dev.tangents.derivative.Laplacians;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Derivatives of outputs: every chunk of lanes and samples gives the same numbers, those of one
 * sample by itself.
 */
class InputRowsTest extends RowRuns {
  @ParameterizedTest
  @EnumSource(names = {"FORWARD", "REVERSE"})
  void jacobianByInputs(Mode mode) {
    assertSame(
        model,
        Jacobians.reverse(model.graph(), List.of("x")),
        RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(mode),
        SampleInput.FEATURES);
  }

  @Test
  void jacobianByParameters() {
    assertSame(
        model,
        Jacobians.reverse(model.graph(), parameters(model)),
        RowRequest.of(Quantity.PARAMETER_JACOBIAN),
        SampleInput.FEATURES);
  }

  @ParameterizedTest
  @EnumSource
  void hessian(Order order) {
    assertSame(
        model,
        Hessians.reverseOverReverse(model.graph(), List.of("x")),
        RowRequest.of(Quantity.HESSIAN).withOrder(order),
        SampleInput.FEATURES);
  }

  @Test
  void diagonalOfHessian() {
    Graph hessian = Hessians.reverseOverReverse(model.graph(), List.of("x"));
    for (RowSize size : SIZES) {
      RowPass pass = pass(model, RowRequest.of(Quantity.HESSIAN_DIAGONAL));
      List<double[]> rows = written(run(model, pass, model.weights(), size), 0);
      for (int n = 0; n < N; n++) {
        double[] h = alone(model, hessian, n, SampleInput.FEATURES);
        double[] diagonal =
            IntStream.range(0, 15).mapToDouble(i -> h[i / 5 * 25 + i % 5 * 6]).toArray();
        assertArrayEquals(diagonal, rows.get(n), 1e-12);
      }
    }
  }

  @Test
  void laplacianAndDeterminant() {
    assertSame(
        model,
        Laplacians.of(model.graph(), "x"),
        RowRequest.of(Quantity.LAPLACIAN),
        SampleInput.FEATURES);
    Model square = model("mlp:5-4-5:tanh?seed=8");
    assertSame(
        square,
        Determinants.of(square.graph(), "x"),
        RowRequest.of(Quantity.DETERMINANT),
        SampleInput.FEATURES);
  }

  @ParameterizedTest
  @CsvSource({"JVP", "VJP", "HVP"})
  void jacobianAndHessianProductsAreThoseOfTheExplicitMatrices(Quantity quantity) {
    double[] j =
        alone(model, Jacobians.reverse(model.graph(), List.of("x")), 1, SampleInput.FEATURES);
    double[] h =
        alone(
            model,
            Hessians.reverseOverReverse(model.graph(), List.of("x")),
            1,
            SampleInput.FEATURES);
    double[] v = samples.get(SampleInput.TANGENT).get(1);
    double[] w = samples.get(SampleInput.COTANGENT).get(1);
    double[] expected =
        switch (quantity) {
          case JVP -> sums(3, 5, (o, i) -> j[5 * o + i] * v[i]);
          case VJP -> sums(5, 3, (i, o) -> j[5 * o + i] * w[o]);
          default -> sums(5, 15, (i, k) -> h[25 * (k / 5) + 5 * i + k % 5] * v[k % 5] * w[k / 5]);
        };
    for (boolean constant : new boolean[] {false, true}) {
      List<Direction> tangent = List.of(direction("tangent", constant, v));
      List<Direction> cotangent = List.of(direction("cotangent", constant, w));
      RowRequest request = RowRequest.of(quantity).withDirections(tangent, cotangent);
      for (RowSize size : SIZES) {
        double[] found = written(run(model, pass(model, request), model.weights(), size), 0).get(1);
        assertArrayEquals(expected, found, 1e-12);
      }
    }
  }

  @Test
  void hvpOfEachOutput() {
    double[] h =
        alone(
            model,
            Hessians.reverseOverReverse(model.graph(), List.of("x")),
            2,
            SampleInput.FEATURES);
    double[] v = samples.get(SampleInput.TANGENT).get(2);
    RowRequest request =
        RowRequest.of(Quantity.HVP)
            .withDirections(List.of(Direction.ofEachSample("tangent")), List.of());
    for (RowSize size : SIZES) {
      RowPass pass = pass(model, request);
      assertEquals(List.of(3, 5), pass.graphs().get(0).parts().get(0).shape());
      assertArrayEquals(
          sums(15, 5, (r, i) -> h[5 * r + i] * v[i]),
          written(run(model, pass, model.weights(), size), 0).get(2),
          1e-12);
    }
  }

  private static Direction direction(String flag, boolean constant, double... numbers) {
    return constant
        ? new Direction(flag, DoubleStream.of(numbers).boxed().toList())
        : Direction.ofEachSample(flag);
  }

  private interface Term {
    double of(int row, int index);
  }

  private static double[] sums(int rows, int length, Term term) {
    return IntStream.range(0, rows)
        .mapToDouble(r -> IntStream.range(0, length).mapToDouble(i -> term.of(r, i)).sum())
        .toArray();
  }
}
