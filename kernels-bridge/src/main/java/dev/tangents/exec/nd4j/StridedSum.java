package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Adds a row-major tensor into another whose places its axes advance through; several elements may
 * share a place. One fixed order, so the same bits each time. The axis that is walked innermost is
 * the longest of those that advance by one in the target, so that a convolution's overlapping
 * patches are added in long runs and not kernel row by kernel row.
 */
final class StridedSum {
  /** One axis: its extent, and how far it advances in the source and in the target. */
  private record Axis(int extent, int source, int target) {}

  private final List<Axis> outer;
  private final Axis inner;
  private final int start;

  /**
   * A sum.
   *
   * @param box extents of the source, none of them 0
   * @param advances how far its axes advance in the target
   * @param start first place in the target
   */
  StridedSum(Shape box, int[] advances, int start) {
    int[] strides = StridedCopy.strides(box);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < advances.length; i++) {
      Axis axis = new Axis((int) box.dim(i), strides[i], advances[i]);
      Axis last = axes.isEmpty() ? null : axes.get(axes.size() - 1);
      if (last != null
          && last.source == axis.source * axis.extent
          && last.target == axis.target * axis.extent) {
        axes.set(axes.size() - 1, new Axis(last.extent * axis.extent, axis.source, axis.target));
      } else if (axis.extent > 1) {
        axes.add(axis);
      }
    }
    this.inner =
        axes.stream()
            .filter(axis -> axis.target == 1)
            .max(Comparator.comparingInt(Axis::extent))
            .orElseGet(() -> axes.isEmpty() ? new Axis(1, 1, 1) : axes.get(axes.size() - 1));
    axes.remove(inner);
    this.outer = List.copyOf(axes);
    this.start = start;
  }

  /** Adds; what stands in the target already is kept. */
  void run(NativeBuffer from, NativeBuffer to) {
    walk(0, from, 0, to, start);
  }

  private void walk(int depth, NativeBuffer from, int s, NativeBuffer to, int t) {
    if (depth == outer.size()) {
      for (int i = 0; i < inner.extent; i++) {
        int place = t + i * inner.target;
        to.put(place, to.at(place) + from.at(s + i * inner.source));
      }
      return;
    }
    Axis axis = outer.get(depth);
    for (int i = 0; i < axis.extent; i++) {
      walk(depth + 1, from, s + i * axis.source, to, t + i * axis.target);
    }
  }
}
