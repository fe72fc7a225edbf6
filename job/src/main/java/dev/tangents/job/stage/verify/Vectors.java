package dev.tangents.job.stage.verify;

/** Sums of vectors. */
final class Vectors {
  private Vectors() {}

  /** Adds {@code more} to {@code sum}. */
  static void add(double[] sum, double[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  /** The sum, in the memory of the first. */
  static double[] added(double[] first, double[] second) {
    add(first, second);
    return first;
  }
}
