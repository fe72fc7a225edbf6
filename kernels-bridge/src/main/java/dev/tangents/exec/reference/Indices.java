package dev.tangents.exec.reference;

import dev.tangents.ir.Shape;
import java.util.function.Consumer;

/** Walks the elements of a shape by their indices. */
final class Indices {
  private Indices() {}

  /**
   * Calls {@code visit} with the index of every element, in row-major order; the array is reused.
   */
  static void forEach(Shape shape, Consumer<int[]> visit) {
    int[] index = new int[shape.rank()];
    for (long left = shape.size(); left > 0; left--) {
      visit.accept(index);
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        index[axis] = 0;
      }
    }
  }

  /** Row-major position of an element. */
  static int offset(Shape shape, int... index) {
    int offset = 0;
    for (int axis = 0; axis < index.length; axis++) {
      offset = offset * (int) shape.dim(axis) + index[axis];
    }
    return offset;
  }

  /** A copy of {@code index} without position {@code axis}. */
  static int[] without(int[] index, int axis) {
    int[] shorter = new int[index.length - 1];
    System.arraycopy(index, 0, shorter, 0, axis);
    System.arraycopy(index, axis + 1, shorter, axis, shorter.length - axis);
    return shorter;
  }
}
