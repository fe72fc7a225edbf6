package dev.tangents.ir;

import dev.tangents.error.TangentsException;
import java.util.Arrays;

/**
 * The value of a constant, in double, row-major. A literal whose elements are all equal is held as
 * one number (a <em>splat</em>), whatever its shape: zeros and ones of a cotangent cost nothing,
 * and an engine can multiply by a scalar where it would otherwise read an array. INT and BOOL
 * literals are held as doubles too (integers up to 2^53 are exact; true is 1).
 */
public final class Literal {
  private final TensorType type;
  private final double[] values;

  private Literal(TensorType type, double[] values) {
    this.type = type;
    this.values = values;
  }

  /** A tensor whose every element is {@code value}. */
  public static Literal splat(TensorType type, double value) {
    return new Literal(type, new double[] {value});
  }

  /**
   * A tensor with the given elements, row-major; becomes a splat if they are all the same bits.
   *
   * @throws TangentsException if the number of elements is not the shape's
   */
  public static Literal of(TensorType type, double... values) {
    if (values.length != type.shape().size()) {
      throw TangentsException.model(
          "Literal %s: expected %d elements, got %d", type, type.shape().size(), values.length);
    }
    return values.length > 0 && allSame(values)
        ? splat(type, values[0])
        : new Literal(type, values.clone());
  }

  private static boolean allSame(double[] values) {
    long first = Double.doubleToRawLongBits(values[0]);
    for (double value : values) {
      if (Double.doubleToRawLongBits(value) != first) {
        return false;
      }
    }
    return true;
  }

  /** Kind of number and shape. */
  public TensorType type() {
    return type;
  }

  /** Whether every element is the same number, held once. */
  public boolean isSplat() {
    return values.length == 1;
  }

  /** Whether this is a splat of exactly {@code value}. */
  public boolean isSplatOf(double value) {
    return isSplat() && values[0] == value;
  }

  /** Whether the elements are those of the unit matrix [n, n], row by row. */
  public boolean isIdentity(int n) {
    if (type.shape().size() != (long) n * n || (isSplat() && n != 1)) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] != (i / n == i % n ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }

  /** The number of a splat, or the first element. */
  public double first() {
    return values[0];
  }

  /** All elements, row-major, in a fresh array. */
  public double[] toArray() {
    if (!isSplat()) {
      return values.clone();
    }
    double[] full = new double[type.shape().intSize()];
    Arrays.fill(full, values[0]);
    return full;
  }

  /** The same elements in another shape of the same size. */
  public Literal reshape(Shape shape) {
    return new Literal(type.withShape(shape), values);
  }

  /** Equal types and bitwise equal elements. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Literal literal
        && type.equals(literal.type)
        && Arrays.equals(values, literal.values);
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    if (isSplat()) {
      return type + " of " + values[0];
    }
    return values.length <= 8 ? type + " " + Arrays.toString(values) : type.toString();
  }
}
