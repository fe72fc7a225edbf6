package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis of a box of numbers that is walked in two tensors at once.
 *
 * @param extent number of positions
 * @param source how far it advances in the source
 * @param target how far it advances in the target
 */
record StridedAxis(int extent, int source, int target) {
  /** How far each axis of a row-major tensor advances. */
  static int[] rowMajor(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= (int) shape.dim(axis);
    }
    return strides;
  }

  /** This axis with source and target exchanged. */
  StridedAxis turned() {
    return new StridedAxis(extent, /* source= */ target, /* target= */ source);
  }

  /**
   * The axes of a box, outermost first; those that advance alike in both tensors are joined, and
   * those of one position left out, so that there may be none.
   *
   * @param source how far each axis advances in the source
   * @param target how far each axis advances in the target
   */
  static List<StridedAxis> joined(Shape box, int[] source, int[] target) {
    List<StridedAxis> axes = new ArrayList<>();
    for (int i = 0; i < box.rank(); i++) {
      StridedAxis axis = new StridedAxis((int) box.dim(i), source[i], target[i]);
      StridedAxis last = axes.isEmpty() ? null : axes.get(axes.size() - 1);
      if (last != null
          && last.source == axis.source * axis.extent
          && last.target == axis.target * axis.extent) {
        axes.set(
            axes.size() - 1, new StridedAxis(last.extent * axis.extent, axis.source, axis.target));
      } else if (axis.extent > 1) {
        axes.add(axis);
      }
    }
    return axes;
  }
}
