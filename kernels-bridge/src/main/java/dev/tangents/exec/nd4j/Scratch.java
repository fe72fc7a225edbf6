package dev.tangents.exec.nd4j;

import dev.tangents.exec.Precision;

/**
 * Java arrays that the steps of one executable share, small enough to stay in the first-level
 * cache: numbers are copied in, worked on by loops that the compiler vectorises (it does not for
 * native memory), and copied out.
 */
final class Scratch {
  /** Numbers in one array: 8 KB of floats. */
  static final int CHUNK = 2048;

  private final Precision precision;
  private final float[][] floats;
  private final double[][] doubles;
  private final double[] sums = new double[CHUNK];

  Scratch(Precision precision) {
    this.precision = precision;
    boolean single = precision == Precision.FLOAT;
    floats = new float[3][single ? CHUNK : 0];
    doubles = new double[3][single ? 0 : CHUNK];
  }

  /** Width of the numbers in native memory. */
  Precision precision() {
    return precision;
  }

  /** Array {@code index} (0, 1 or 2) of floats. */
  float[] floats(int index) {
    return floats[index];
  }

  /** Array {@code index} (0, 1 or 2) of doubles. */
  double[] doubles(int index) {
    return doubles[index];
  }

  /** Accumulators, in double at either precision. */
  double[] sums() {
    return sums;
  }
}
