package dev.tangents.exec.nd4j;

import dev.tangents.exec.Precision;
import java.util.List;

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
  private final NativeBuffer[] wide = new NativeBuffer[2];
  private int wideLength;

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

  /** Asks, before the first run, for two native arrays of this many doubles. */
  void reserveWide(int length) {
    wideLength = Math.max(wideLength, length);
  }

  /** Native array {@code index} (0 or 1), as long as the longest that was reserved. */
  NativeBuffer wide(int index) {
    return wide[index];
  }

  /** Allocates what has been reserved; the caller closes it when no step will run again. */
  List<NativeBuffer> allocateWide(NativeMemory memory) {
    if (wideLength == 0) {
      return List.of();
    }
    for (int i = 0; i < wide.length; i++) {
      wide[i] = memory.allocate(wideLength, Precision.DOUBLE);
    }
    wideLength = 0;
    return List.of(wide);
  }

  /** Accumulators, in double at either precision. */
  double[] sums() {
    return sums;
  }
}
