package dev.tangents.exec.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The elementary functions against Java's own, which are slow and right. */
class FunctionsTest {
  @Test
  void tanhHasAllDigitsEverywhere() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      double x = number(random);
      assertRelative(Math.tanh(x), Functions.tanh(x), 1e-15, x);
      assertRelative(Math.tanh(x), Functions.tanhForFloat(x), 3e-8 / 2, x);
    }
  }

  @Test
  void tanhOfFloatsIsTheNearestFloatOrItsNeighbour() {
    double[] x = new double[4096];
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      Arrays.setAll(x, i -> (float) number(random));
      double[] found = x.clone();
      Functions.tanhForFloat(found, found.length);
      for (int i = 0; i < x.length; i++) {
        float expected = (float) Math.tanh(x[i]);
        assertEquals(expected, (float) found[i], Math.ulp(expected), "tanh " + x[i]);
      }
    }
  }

  @Test
  void endsOfTheRangeOfFloats() {
    double[] x = {Double.POSITIVE_INFINITY, -40, 0.0, -0.0, Float.MIN_VALUE, 9.2, Double.NaN, 5};
    double[] kept = x.clone();
    Functions.tanhForFloat(x, 7);
    double[] expected = {1, -1, 0.0, -0.0, Float.MIN_VALUE, 1, Double.NaN, 5};
    for (int i = 0; i < x.length; i++) {
      assertEquals((float) expected[i], (float) x[i], "tanh " + kept[i]);
    }
  }

  @Test
  void softplusHasAllDigitsEverywhere() {
    Random random = new Random(2);
    for (int i = 0; i < 200_000; i++) {
      double x = number(random);
      double expected = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      assertRelative(expected, Functions.softplus(x), 1e-15, x);
    }
  }

  @Test
  void asinhHasAllDigitsEverywhere() {
    Random random = new Random(4);
    for (int i = 0; i < 200_000; i++) {
      double x = number(random);
      assertRelative(
          x, Math.sinh(Functions.asinh(x)), 2e-15 * (1 + Math.abs(Functions.asinh(x))), x);
      assertEquals(-Functions.asinh(x), Functions.asinh(-x));
    }
    assertRelative(Math.log(2) + 200 * Math.log(10), Functions.asinh(1e200), 1e-15, 1e200);
  }

  @Test
  void endsOfTheRange() {
    for (double sign : new double[] {1, -1}) {
      assertEquals(sign, Functions.tanh(sign * Double.POSITIVE_INFINITY));
      assertEquals(sign * 0.0, Functions.tanh(sign * 0.0));
      assertEquals(sign * 1e-300, Functions.tanh(sign * 1e-300));
      assertEquals(sign * 1e-300, Functions.asinh(sign * 1e-300));
      assertEquals(
          sign * Double.POSITIVE_INFINITY, Functions.asinh(sign * Double.POSITIVE_INFINITY));
    }
    assertEquals(Double.POSITIVE_INFINITY, Functions.softplus(Double.POSITIVE_INFINITY));
    assertEquals(0, Functions.softplus(Double.NEGATIVE_INFINITY));
    assertTrue(Double.isNaN(Functions.tanh(Double.NaN)));
    assertTrue(Double.isNaN(Functions.softplus(Double.NaN)));
    assertTrue(Double.isNaN(Functions.asinh(Double.NaN)));
  }

  /** Half of them of every magnitude, half of those that networks see. */
  private static double number(Random random) {
    double sign = random.nextBoolean() ? 1 : -1;
    return random.nextBoolean()
        ? sign * Math.pow(10, random.nextDouble() * 14 - 12)
        : random.nextGaussian() * 3;
  }

  private static void assertRelative(double expected, double found, double bound, double x) {
    assertTrue(
        Math.abs(expected - found) <= bound * Math.abs(expected),
        () -> "At " + x + " expected " + expected + ", got " + found);
  }
}
