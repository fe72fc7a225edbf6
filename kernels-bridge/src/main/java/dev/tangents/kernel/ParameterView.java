package dev.tangents.kernel;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.op.elementwise.Div;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.BitSet;
import java.util.Optional;

/**
 * A value that is a parameter seen through transposes, reshapes, slices and constant factors:
 * element i of the value is {@code scale} times element offset + sum_k strides[k] i_k of the
 * parameter. Such a chain is an isometry up to its scale, so an inner product of gradients at the
 * parameter is the one at the value, times the scales.
 *
 * @param scale the constant factor
 * @param offset position in the parameter of the value's first element
 * @param shape shape of the value
 * @param strides distance in the parameter of neighbours along each axis, as a shape's extents
 */
record ParameterView(double scale, long offset, Shape shape, Shape strides) {

  /**
   * Follows {@code value} back to {@code parameter}.
   *
   * @return empty if anything but an isometry stands between them
   */
  static Optional<ParameterView> of(Graph graph, int value, int parameter) {
    if (value == parameter) {
      return Optional.of(whole(graph.node(parameter).type().shape()));
    }
    if (!(graph.node(value) instanceof Node.Apply apply)) {
      return Optional.empty();
    }
    int operand = apply.arguments().get(0);
    if (apply.primitive() instanceof Mul && graph.node(operand) instanceof Node.Constant) {
      operand = apply.arguments().get(1);
    }
    return of(graph, operand, parameter).flatMap(inner -> inner.through(graph, apply));
  }

  private static ParameterView whole(Shape shape) {
    return new ParameterView(1, 0, shape, rowMajor(shape));
  }

  private Optional<ParameterView> through(Graph graph, Node.Apply apply) {
    if (apply.primitive() instanceof Neg) {
      return Optional.of(scaled(-1));
    }
    if (apply.primitive() instanceof Mul) {
      return splat(graph, apply, 0).or(() -> splat(graph, apply, 1)).map(this::scaled);
    }
    if (apply.primitive() instanceof Div) {
      return splat(graph, apply, 1).map(divisor -> scaled(1 / divisor));
    }
    if (apply.primitive() instanceof Transpose transpose) {
      long[] moved = transpose.permutation().stream().mapToLong(strides::dim).toArray();
      return Optional.of(new ParameterView(scale, offset, apply.type().shape(), Shape.of(moved)));
    }
    if (apply.primitive() instanceof Slice slice) {
      long start = offset + slice.start() * strides.dim(slice.axis());
      return Optional.of(new ParameterView(scale, start, apply.type().shape(), strides));
    }
    // A reshape keeps the strided form only where the elements lie one after the other.
    return apply.primitive() instanceof Reshape && strides.equals(rowMajor(shape))
        ? Optional.of(
            new ParameterView(scale, offset, apply.type().shape(), rowMajor(apply.type().shape())))
        : Optional.empty();
  }

  /** The view with its two axes exchanged. */
  ParameterView transposed() {
    return new ParameterView(
        scale,
        offset,
        Shape.of(shape.dim(1), shape.dim(0)),
        Shape.of(strides.dim(1), strides.dim(0)));
  }

  /** A view of the same elements without the constant factor. */
  ParameterView unscaled() {
    return new ParameterView(1, offset, shape, strides);
  }

  /**
   * Whether this view of two axes, of a parameter that is a matrix of {@code columns}, has the
   * parameter's rows along its first axis and the parameter's columns along its second.
   */
  boolean splits(long columns) {
    return shape.rank() == 2
        && (shape.dim(0) <= 1 || strides.dim(0) % columns == 0)
        && offset % columns + (shape.dim(1) - 1) * strides.dim(1) < columns;
  }

  /** Whether both show the same elements in the same places. */
  boolean sameElements(ParameterView other) {
    return offset == other.offset && shape.equals(other.shape) && strides.equals(other.strides);
  }

  /** Whether no element is shown by both. */
  boolean disjoint(ParameterView other) {
    return !elements().intersects(other.elements());
  }

  private BitSet elements() {
    BitSet set = new BitSet();
    mark(set, 0, offset);
    return set;
  }

  private void mark(BitSet set, int axis, long position) {
    if (axis == shape.rank()) {
      set.set(Math.toIntExact(position));
      return;
    }
    for (long i = 0; i < shape.dim(axis); i++) {
      mark(set, axis + 1, position + i * strides.dim(axis));
    }
  }

  private ParameterView scaled(double factor) {
    return new ParameterView(scale * factor, offset, shape, strides);
  }

  private static Optional<Double> splat(Graph graph, Node.Apply apply, int argument) {
    return graph.node(apply.arguments().get(argument)) instanceof Node.Constant constant
        ? Optional.of(constant.literal()).filter(Literal::isSplat).map(Literal::first)
        : Optional.empty();
  }

  private static Shape rowMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long step = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step = Math.multiplyExact(step, shape.dim(axis));
    }
    return Shape.of(strides);
  }
}
