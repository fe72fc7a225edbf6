package dev.tangents.exec.cuda;

import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Ints;
import dev.tangents.ir.Shape;
import java.util.stream.LongStream;

/**
 * A way through a row-major tensor: element (i_0, i_1, ...) of a box of extents e is at first + sum
 * of advance_j i_j. Every primitive that only moves elements is one.
 */
final class Axes {
  private final long[] extents;
  private final long[] advances;
  private final long first;

  /**
   * A way.
   *
   * @param extents of the box
   * @param advances how far each axis of the box advances, in numbers
   * @param first where the box starts
   */
  Axes(long[] extents, long[] advances, long first) {
    this.extents = extents;
    this.advances = advances;
    this.first = first;
  }

  /** Number of elements of the box. */
  long size() {
    return LongStream.of(extents).reduce(1, (a, b) -> a * b);
  }

  /** Row-major distances of a tensor's axes. */
  static long[] rowMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  /** Where element {@code index} of the box, counted row-major, is in the tensor. */
  Expr at(Expr index) {
    Expr place = Ints.of(first);
    long inner = 1;
    for (int axis = extents.length - 1; axis >= 0; ) {
      long extent = extents[axis];
      long advance = advances[axis];
      int next = axis - 1;
      // Axes that advance as one are one.
      while (next >= 0 && (extents[next] == 1 || advances[next] == extent * advance)) {
        extent *= extents[next--];
      }
      if (extent > 1 && advance != 0) {
        Expr along = Ints.remainder(Ints.quotient(index, inner), extent);
        place = Ints.add(place, Ints.mul(along, advance));
      }
      inner *= extent;
      axis = next;
    }
    return place;
  }
}
