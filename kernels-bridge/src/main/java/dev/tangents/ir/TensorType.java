package dev.tangents.ir;

import java.util.Objects;

/** What is known of a value before it is computed: its kind of number and its shape. */
public record TensorType(DType dtype, Shape shape) {
  /** Both parts are required. */
  public TensorType {
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(shape, "shape");
  }

  /** A real tensor with the given extents. */
  public static TensorType real(long... dims) {
    return new TensorType(DType.REAL, Shape.of(dims));
  }

  /** A real tensor of the given shape. */
  public static TensorType real(Shape shape) {
    return new TensorType(DType.REAL, shape);
  }

  /** The same kind of number in another shape. */
  public TensorType withShape(Shape other) {
    return new TensorType(dtype, other);
  }

  /** Whether values of this type have derivatives. */
  public boolean isReal() {
    return dtype == DType.REAL;
  }

  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
