package dev.tangents.op.index;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A window onto a tensor: each axis of the view steps along one axis of the tensor, and several may
 * step along the same one. Element (i_0, i_1, ...) of the view is the tensor's element at position
 * start_a + sum of step_j i_j over the view's axes j along a, for each axis a. So patches of an
 * image overlap: position t and offset k of a kernel both step along the same axis.
 *
 * @param shape shape of the tensor
 * @param axes the axes of the view
 * @param start position of the view's first element along each axis of the tensor
 */
public record Strides(Shape shape, List<Axis> axes, List<Long> start) {
  /**
   * An axis of a view.
   *
   * @param extent number of positions
   * @param along the tensor's axis that it steps along, counted from 0
   * @param step how far one position is from the next; may be negative
   */
  public record Axis(long extent, int along, long step) {}

  /**
   * Copies the lists.
   *
   * @throws TangentsException of category MODEL if the view leaves the tensor
   */
  public Strides {
    axes = List.copyOf(axes);
    start = List.copyOf(start);
    requireInside(shape, axes, start);
  }

  /** Shape of the view. */
  public Shape view() {
    return Shape.of(axes.stream().mapToLong(Axis::extent).toArray());
  }

  /**
   * This window in each of {@code size} tensors, along a new leading axis of both the tensor and
   * the view.
   */
  public Strides batched(long size) {
    List<Axis> all = new ArrayList<>(List.of(new Axis(size, 0, 1)));
    axes.forEach(axis -> all.add(new Axis(axis.extent, axis.along + 1, axis.step)));
    List<Long> begin = new ArrayList<>(List.of(0L));
    begin.addAll(start);
    return new Strides(shape.insert(0, size), all, begin);
  }

  /** How far each axis of the view advances in the tensor, row-major. */
  public long[] advances() {
    long[] rowMajor = rowMajor();
    return axes.stream().mapToLong(axis -> axis.step * rowMajor[axis.along]).toArray();
  }

  /** Position in the tensor, row-major, of the view's first element. */
  public long first() {
    long[] rowMajor = rowMajor();
    long first = 0;
    for (int axis = 0; axis < rowMajor.length; axis++) {
      first += start.get(axis) * rowMajor[axis];
    }
    return first;
  }

  private long[] rowMajor() {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  private static void requireInside(Shape shape, List<Axis> axes, List<Long> start) {
    if (start.size() != shape.rank()
        || axes.stream().anyMatch(a -> a.extent < 0 || a.along < 0 || a.along >= shape.rank())) {
      throw TangentsException.model("window: %s from %s does not fit %s", axes, start, shape);
    }
    if (axes.stream().anyMatch(axis -> axis.extent == 0)) {
      return;
    }
    for (int a = 0; a < shape.rank(); a++) {
      long least = start.get(a);
      long most = start.get(a);
      for (Axis axis : axes) {
        long reach = axis.along == a ? Math.multiplyExact(axis.extent - 1, axis.step) : 0;
        least += Math.min(0, reach);
        most += Math.max(0, reach);
      }
      if (least < 0 || most >= shape.dim(a)) {
        throw TangentsException.model(
            "window: positions %d to %d along axis %d leave %s", least, most, a, shape);
      }
    }
  }
}
