package dev.tangents.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Arithmetic and comparison of arrays of numbers. */
public final class Vectors {
  private Vectors() {}

  /** Standard normal numbers. */
  public static double[] normal(Random random, long size) {
    double[] x = new double[Math.toIntExact(size)];
    Arrays.setAll(x, i -> random.nextGaussian());
    return x;
  }

  /** sum_i a_i b_i. */
  public static double dot(double[] a, double[] b) {
    requireSameLength(a, b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The sum of {@link #dot} over a list. */
  public static double dot(List<double[]> a, List<double[]> b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += dot(a.get(i), b.get(i));
    }
    return sum;
  }

  /** x + c d, array by array. */
  public static List<double[]> step(List<double[]> x, double c, List<double[]> d) {
    return IntStream.range(0, x.size()).mapToObj(i -> combine(x.get(i), c, d.get(i))).toList();
  }

  /** x + c d. */
  public static double[] combine(double[] x, double c, double[] d) {
    requireSameLength(x, d);
    double[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] += c * d[i];
    }
    return y;
  }

  /** c x. */
  public static double[] scaled(double c, double[] x) {
    return Arrays.stream(x).map(v -> c * v).toArray();
  }

  /** The largest magnitude; 0 for no numbers. */
  public static double largest(double[] x) {
    return Arrays.stream(x).map(Math::abs).max().orElse(0);
  }

  /** Elements {@code row * size} to {@code (row + 1) * size}. */
  public static double[] row(double[] x, int row, int size) {
    return Arrays.copyOfRange(x, row * size, (row + 1) * size);
  }

  /** Arrays one after another. */
  public static double[] join(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /** Requires equal lengths and |a_i - e_i| at most tolerance (1 + max |e|); NaN never passes. */
  public static void assertClose(
      double[] expected, double[] actual, double tolerance, String what) {
    if (expected.length != actual.length) {
      throw new AssertionError(
          what + ": expected " + expected.length + " numbers, got " + actual.length);
    }
    double bound = tolerance * (1 + largest(expected));
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - actual[i]) <= bound)) {
        throw new AssertionError(
            what
                + ": element "
                + i
                + " is "
                + actual[i]
                + ", expected "
                + expected[i]
                + " within "
                + bound);
      }
    }
  }

  /** {@link #assertClose(double[], double[], double, String)} for lists of equal length. */
  public static void assertClose(
      List<double[]> expected, List<double[]> actual, double tolerance, String what) {
    if (expected.size() != actual.size()) {
      throw new AssertionError(
          what + ": expected " + expected.size() + " arrays, got " + actual.size());
    }
    for (int i = 0; i < expected.size(); i++) {
      assertClose(expected.get(i), actual.get(i), tolerance, what + ", result " + i);
    }
  }

  private static void requireSameLength(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new AssertionError("Lengths differ: " + a.length + " and " + b.length);
    }
  }
}
