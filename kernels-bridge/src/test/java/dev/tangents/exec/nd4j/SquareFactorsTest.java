package dev.tangents.exec.nd4j;

import static dev.tangents.testkit.Everywhere.assertResults;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Determinants, inverses and cofactors at the sizes that have factorisations of their own. */
class SquareFactorsTest {
  private static final double EXACT = 1e-14;

  private static Graph all(int stack, int n) {
    GraphBuilder builder = new GraphBuilder();
    Value a = builder.input("a", TensorType.real(stack, n, n));
    return builder.build(
        Det.det(a),
        DetSign.detSign(a),
        LogAbsDet.logAbsDet(a),
        Inverse.inverse(a),
        Cofactor.cofactor(a));
  }

  /** I + R, its rows in another order, so that pivots must be looked for; det near 1 or -1. */
  private static double[] regular(Random random, int n) {
    double[] a = new double[n * n];
    double[] noise = Vectors.normal(random, (long) n * n);
    for (int i = 0; i < n; i++) {
      int row = (i * 7 + 3) % n;
      for (int j = 0; j < n; j++) {
        a[row * n + j] = (i == j ? 1 : 0) + 0.3 / Math.sqrt(n) * noise[i * n + j];
      }
    }
    return a;
  }

  private static double[] joined(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static void assertAsTheReference(int n, double[] a, double[] b) {
    Graph graph = all(2, n);
    List<double[]> inputs = List.of(joined(a, b));
    assertResults(Runs.reference(graph, inputs), graph, Weights.none(), inputs, EXACT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 31, 32, 33, 64})
  void regularMatricesOneAfterTheOther(int n) {
    Random random = new Random(n);
    assertAsTheReference(n, regular(random, n), regular(random, n));
  }

  /** The last row twice the first: one vanishing pivot, whose cofactors are not zero. */
  @ParameterizedTest
  @ValueSource(ints = {2, 40})
  void cofactorsOfASingularMatrix(int n) {
    double[] singular = regular(new Random(5), n);
    for (int j = 0; j < n; j++) {
      singular[(n - 1) * n + j] = 2 * singular[j];
    }
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(Cofactor.cofactor(builder.input("a", TensorType.real(n, n))));
    List<double[]> expected = Runs.reference(graph, List.of(singular));
    assertTrue(Arrays.stream(expected.get(0)).anyMatch(c -> Math.abs(c) > 1e-3));
    assertResults(expected, graph, Weights.none(), List.of(singular), EXACT);
  }

  /** A row of zeros, and after it, in the same stack, a matrix that is regular. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 40})
  void aSingularMatrixHasSignZeroAndLeavesTheNextAlone(int n) {
    double[] singular = regular(new Random(6), n);
    Arrays.fill(singular, n, 2 * n, 0);
    double[] next = regular(new Random(7), n);
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        List<double[]> results =
            Runs.on(engine, all(2, n), Weights.none(), List.of(joined(singular, next)));
        assertEquals(0, Math.abs(results.get(0)[0]), entry.name());
        assertEquals(0, Math.abs(results.get(1)[0]), entry.name());
        assertEquals(Double.NEGATIVE_INFINITY, results.get(2)[0], entry.name());
        assertTrue(Double.isNaN(results.get(3)[0]), entry.name());
        List<double[]> alone = Runs.on(engine, all(1, n), Weights.none(), List.of(next));
        for (int i = 0; i < alone.size(); i++) {
          int size = alone.get(i).length;
          assertArrayEquals(
              alone.get(i), Arrays.copyOfRange(results.get(i), size, 2 * size), entry.name());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 40})
  void notANumberReachesEveryResult(int n) {
    double[] matrix = regular(new Random(8), n);
    matrix[n * n - 2] = Double.NaN;
    for (Engines.Entry entry : Engines.all()) {
      if (entry.name().contains("nd4j")) {
        try (Engine engine = entry.open().get()) {
          for (double[] result : Runs.on(engine, all(1, n), Weights.none(), List.of(matrix))) {
            assertTrue(Double.isNaN(result[0]), entry.name());
          }
        }
      }
    }
  }

  /** a d and b c agree in 16 digits; their difference is right to the last. */
  @Test
  void aSmallDifferenceOfProductsIsNotLostToRounding() {
    TwoByTwo factors = new TwoByTwo();
    double e = Math.scalb(1.0, -30);
    double[] close = {1 + e, 1, 1, 1 - e}; // det = -e^2
    System.arraycopy(close, 0, factors.matrix(), 0, 4);
    factors.factor();
    assertEquals(-e * e, factors.determinant());
    assertEquals(-1, factors.sign());
  }

  @Test
  void aDeterminantOutOfRangeKeepsItsSignAndLogarithm() {
    for (double size : List.of(1e-200, 1e200)) {
      TwoByTwo factors = new TwoByTwo();
      System.arraycopy(new double[] {0, size, size, 0}, 0, factors.matrix(), 0, 4);
      factors.factor();
      assertEquals(-1, factors.sign());
      assertEquals(2 * Math.log(size), factors.logarithm(), 1e-12 * Math.abs(Math.log(size)));
      double[] inverse = new double[4];
      factors.inverse(inverse);
      assertArrayEquals(new double[] {0, 1 / size, 1 / size, 0}, inverse, 1e-15 / size);
    }
  }
}
