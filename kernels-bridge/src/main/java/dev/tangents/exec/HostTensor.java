package dev.tangents.exec;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;

/**
 * Numbers in one Java array, row-major, float or double. The array is not copied: whoever hands it
 * over does not write to it any more, unless nobody reads this one any more ({@link HostArrays}).
 */
public final class HostTensor {
  private final Shape shape;
  private final float[] floats;
  private final double[] doubles;

  private HostTensor(Shape shape, float[] floats, double[] doubles) {
    this.shape = shape;
    this.floats = floats;
    this.doubles = doubles;
    int length = floats == null ? doubles.length : floats.length;
    if (length != shape.size()) {
      throw TangentsException.internal(
          "HostTensor %s: expected %d numbers, got %d", shape, shape.size(), length);
    }
  }

  /** Wraps floats. */
  public static HostTensor of(Shape shape, float... values) {
    return new HostTensor(shape, values, null);
  }

  /** Wraps doubles. */
  public static HostTensor of(Shape shape, double... values) {
    return new HostTensor(shape, null, values);
  }

  /** Zeros in a new array. */
  public static HostTensor zeros(Shape shape, Precision precision) {
    return precision == Precision.FLOAT
        ? of(shape, new float[shape.intSize()])
        : of(shape, new double[shape.intSize()]);
  }

  /** Extents. */
  public Shape shape() {
    return shape;
  }

  /** Width of the numbers held. */
  public Precision precision() {
    return floats == null ? Precision.DOUBLE : Precision.FLOAT;
  }

  /** Element {@code index} in row-major order. */
  public double at(int index) {
    return floats == null ? doubles[index] : floats[index];
  }

  /** The numbers as doubles: the array itself if it holds doubles, else a widened copy. */
  public double[] doubles() {
    if (doubles != null) {
      return doubles;
    }
    double[] wide = new double[floats.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = floats[i];
    }
    return wide;
  }

  /** The numbers as floats: the array itself if it holds floats, else a rounded copy. */
  public float[] floats() {
    if (floats != null) {
      return floats;
    }
    float[] narrow = new float[doubles.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) doubles[i];
    }
    return narrow;
  }

  /** Whether the numbers are those of another one, in one array. */
  boolean sharesArray(HostTensor other) {
    return floats == null ? doubles == other.doubles : floats == other.floats;
  }

  /** Whether no number is infinite or not a number. */
  public boolean isFinite() {
    return isFinite(0, shape.intSize());
  }

  /**
   * Whether none of some numbers, in row-major order, is infinite or not a number.
   *
   * @param from the first
   * @param length how many
   */
  public boolean isFinite(int from, int length) {
    return floats == null ? isFinite(from, length, doubles) : isFinite(from, length, floats);
  }

  /**
   * Zero times a number is zero only if it is finite. Eight sums, since each addition waits for the
   * one before in its sum; adding lines of memory to one another, of which a compiler makes
   * vectors, takes twice as long.
   */
  private static boolean isFinite(int from, int length, float... numbers) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int end = from + length;
    int i = from;
    for (; i <= end - 8; i += 8) {
      a += 0 * numbers[i];
      b += 0 * numbers[i + 1];
      c += 0 * numbers[i + 2];
      d += 0 * numbers[i + 3];
      e += 0 * numbers[i + 4];
      f += 0 * numbers[i + 5];
      g += 0 * numbers[i + 6];
      h += 0 * numbers[i + 7];
    }
    for (; i < end; i++) {
      a += 0 * numbers[i];
    }
    return a + b + c + d + e + f + g + h == 0;
  }

  private static boolean isFinite(int from, int length, double... numbers) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    int end = from + length;
    int i = from;
    for (; i <= end - 8; i += 8) {
      a += 0 * numbers[i];
      b += 0 * numbers[i + 1];
      c += 0 * numbers[i + 2];
      d += 0 * numbers[i + 3];
      e += 0 * numbers[i + 4];
      f += 0 * numbers[i + 5];
      g += 0 * numbers[i + 6];
      h += 0 * numbers[i + 7];
    }
    for (; i < end; i++) {
      a += 0 * numbers[i];
    }
    return a + b + c + d + e + f + g + h == 0;
  }

  /** The same numbers in another shape of the same size. */
  public HostTensor reshape(Shape other) {
    return new HostTensor(other, floats, doubles);
  }
}
