package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import java.util.Comparator;
import java.util.List;

/**
 * Adds a row-major tensor into another whose places its axes advance through; several elements may
 * share a place. One fixed order, so the same bits each time. The axis that is walked innermost is
 * the longest of those that advance by one in the target, so that a convolution's overlapping
 * patches are added in long runs and not kernel row by kernel row.
 */
final class StridedSum {
  private final List<StridedAxis> outer;
  private final StridedAxis inner;
  private final int start;

  /**
   * A sum.
   *
   * @param box extents of the source, none of them 0
   * @param advances how far its axes advance in the target
   * @param start first place in the target
   */
  StridedSum(Shape box, int[] advances, int start) {
    List<StridedAxis> axes = StridedAxis.joined(box, StridedAxis.rowMajor(box), advances);
    this.inner =
        axes.stream()
            .filter(axis -> axis.target() == 1)
            .max(Comparator.comparingInt(StridedAxis::extent))
            .orElseGet(() -> axes.isEmpty() ? new StridedAxis(1, 1, 1) : axes.get(axes.size() - 1));
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
      for (int i = 0; i < inner.extent(); i++) {
        int place = t + i * inner.target();
        to.put(place, to.at(place) + from.at(s + i * inner.source()));
      }
      return;
    }
    StridedAxis axis = outer.get(depth);
    for (int i = 0; i < axis.extent(); i++) {
      walk(depth + 1, from, s + i * axis.source(), to, t + i * axis.target());
    }
  }
}
