package dev.tangents.importer.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CounterNormalsTest {
  /** From twelve lines of Python; they may never change, a run's weights are named by its seed. */
  @Test
  void firstNumbersAreFixed() {
    double[] values = new CounterNormals(0, "0.weight").take(4, 1);
    double[] expected = {
      -0.22862459373184368, -0.022006052357244642, -1.4095851231897034, 0.9654422156349687
    };
    assertArrayEquals(expected, values);
  }

  @Test
  void longerDrawBeginsWithTheShorterOne() {
    double[] seven = new CounterNormals(3, "a").take(7, 2);
    double[] hundred = new CounterNormals(3, "a").take(100, 2);
    assertArrayEquals(seven, Arrays.copyOf(hundred, 7));
  }

  @Test
  void seedAndNameMakeAnotherStream() {
    double[] values = new CounterNormals(1, "a").take(4, 1);
    assertFalse(Arrays.equals(values, new CounterNormals(2, "a").take(4, 1)));
    assertFalse(Arrays.equals(values, new CounterNormals(1, "b").take(4, 1)));
  }

  /** n = 10^6: five deviations of the mean are 5e-3, of the variance 7.1e-3, of kurtosis 2.5e-2. */
  @Test
  void momentsAreThoseOfTheNormalDistribution() {
    int n = 1_000_000;
    double[] z = new CounterNormals(42, "moments").take(n, 1);
    double[] sums = new double[5];
    for (int i = 0; i < n; i++) {
      for (int k = 1; k < 5; k++) {
        sums[k] += StrictMath.pow(z[i], k) / n;
      }
    }
    assertEquals(0, sums[1], 5e-3);
    assertEquals(1, sums[2], 7.1e-3);
    assertEquals(0, sums[3], 5 * Math.sqrt(15.0 / n));
    assertEquals(3, sums[4], 5 * Math.sqrt(96.0 / n));
  }

  @Test
  void neighboursAreUncorrelated() {
    int n = 1_000_000;
    double[] z = new CounterNormals(5, "pairs").take(n, 1);
    for (int lag = 1; lag <= 3; lag++) {
      double sum = 0;
      for (int i = lag; i < n; i++) {
        sum += z[i] * z[i - lag] / n;
      }
      assertEquals(0, sum, 5 / Math.sqrt(n), "lag " + lag);
    }
  }
}
