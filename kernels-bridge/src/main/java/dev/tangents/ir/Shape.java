package dev.tangents.ir;

import dev.tangents.error.TangentsException;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * The extent of a tensor along each axis, outermost first. Immutable; equal by value. A scalar has
 * rank 0 and size 1. Extents are {@code long}, since products such as N x P leave the range of an
 * {@code int} early; {@link #intSize()} is the one place where a size is narrowed.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new long[0]);

  private final long[] dims;

  private Shape(long[] dims) {
    this.dims = dims;
  }

  /**
   * A shape with the given extents.
   *
   * @throws TangentsException if an extent is negative
   */
  public static Shape of(long... dims) {
    for (long dim : dims) {
      if (dim < 0) {
        throw TangentsException.model(
            "Shape: an extent is at least 0; got %d in %s", dim, Arrays.toString(dims));
      }
    }
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** The shape of a scalar: rank 0, size 1. */
  public static Shape scalar() {
    return SCALAR;
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /**
   * Extent along {@code axis}, counted from 0; a negative axis counts from the end (-1 is the
   * last).
   */
  public long dim(int axis) {
    return dims[normalise(axis)];
  }

  /** The extents, copied. */
  public long[] dims() {
    return dims.clone();
  }

  /**
   * Number of elements, the product of the extents.
   *
   * @throws TangentsException if it leaves the range of a {@code long}
   */
  public long size() {
    long size = 1;
    for (long dim : dims) {
      try {
        size = Math.multiplyExact(size, dim);
      } catch (ArithmeticException e) {
        throw TangentsException.resource("Shape %s: more than 2^63 elements", this);
      }
    }
    return size;
  }

  /**
   * Number of elements as an {@code int}, for a tensor held in one Java array.
   *
   * @throws TangentsException if there are more than 2^31 - 1 elements
   */
  public int intSize() {
    long size = size();
    if (size > Integer.MAX_VALUE) {
      throw TangentsException.resource(
          "Shape %s: %d elements do not fit one array of at most %d. Use a smaller tile or batch",
          this, size, Integer.MAX_VALUE);
    }
    return (int) size;
  }

  /** Axis counted from 0 for an axis that may be counted from the end. */
  public int normalise(int axis) {
    int normal = axis < 0 ? axis + dims.length : axis;
    if (normal < 0 || normal >= dims.length) {
      throw TangentsException.model("Shape %s: no axis %d; it has rank %d", this, axis, rank());
    }
    return normal;
  }

  /** This shape with {@code dim} put before axis {@code axis} (0 to rank). */
  public Shape insert(int axis, long dim) {
    long[] out = new long[dims.length + 1];
    System.arraycopy(dims, 0, out, 0, axis);
    out[axis] = dim;
    System.arraycopy(dims, axis, out, axis + 1, dims.length - axis);
    return of(out);
  }

  /** This shape without axis {@code axis}. */
  public Shape remove(int axis) {
    int gone = normalise(axis);
    long[] out = new long[dims.length - 1];
    System.arraycopy(dims, 0, out, 0, gone);
    System.arraycopy(dims, gone + 1, out, gone, out.length - gone);
    return of(out);
  }

  /** This shape with the extent of {@code axis} replaced. */
  public Shape with(int axis, long dim) {
    long[] out = dims.clone();
    out[normalise(axis)] = dim;
    return of(out);
  }

  /** Axes {@code from} (inclusive) to {@code to} (exclusive). */
  public Shape slice(int from, int to) {
    return of(Arrays.copyOfRange(dims, from, to));
  }

  /** This shape followed by the axes of {@code tail}. */
  public Shape concat(Shape tail) {
    long[] out = Arrays.copyOf(dims, dims.length + tail.dims.length);
    System.arraycopy(tail.dims, 0, out, dims.length, tail.dims.length);
    return of(out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The extents in brackets, {@code [3, 4]}; a scalar prints as {@code []}. */
  @Override
  public String toString() {
    StringJoiner joiner = new StringJoiner(", ", "[", "]");
    for (long dim : dims) {
      joiner.add(Long.toString(dim));
    }
    return joiner.toString();
  }
}
