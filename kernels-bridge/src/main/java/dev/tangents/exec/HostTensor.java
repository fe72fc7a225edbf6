package dev.tangents.exec;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;

/**
 * Numbers in one Java array, row-major, float or double. The array is not copied: whoever hands it
 * over does not write to it any more, unless nobody reads this one any more ({@link HostArrays}).
 */
public final class HostTensor {
  /** Numbers that are looked at together: few enough for the first cache, enough for vectors. */
  private static final int LINE = 1024;

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
    return floats == null ? isFinite(doubles) : isFinite(floats);
  }

  /** Zero times a number is zero only if it is finite; a compiler makes vectors of these loops. */
  private static boolean isFinite(float... numbers) {
    float[] zeros = new float[Math.min(LINE, numbers.length)];
    for (int line = 0; line < numbers.length; line += LINE) {
      int length = Math.min(LINE, numbers.length - line);
      for (int i = 0; i < length; i++) {
        zeros[i] += 0 * numbers[line + i];
      }
    }
    float sum = 0;
    for (float zero : zeros) {
      sum += zero;
    }
    return sum == 0;
  }

  private static boolean isFinite(double... numbers) {
    double[] zeros = new double[Math.min(LINE, numbers.length)];
    for (int line = 0; line < numbers.length; line += LINE) {
      int length = Math.min(LINE, numbers.length - line);
      for (int i = 0; i < length; i++) {
        zeros[i] += 0 * numbers[line + i];
      }
    }
    double sum = 0;
    for (double zero : zeros) {
      sum += zero;
    }
    return sum == 0;
  }

  /** The same numbers in another shape of the same size. */
  public HostTensor reshape(Shape other) {
    return new HostTensor(other, floats, doubles);
  }
}
