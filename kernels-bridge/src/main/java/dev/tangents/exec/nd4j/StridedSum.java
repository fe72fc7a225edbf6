package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Adds a row-major tensor into another whose places its axes advance through; several elements may
 * share a place. One fixed order, so the same bits each time. Floats are added a {@link
 * StridedWindow} at a time.
 */
final class StridedSum {
  private final List<StridedAxis> axes;
  private final Optional<StridedWindow> window;
  private final int start;

  /**
   * A sum.
   *
   * @param box extents of the source, none of them 0
   * @param advances how far its axes advance in the target
   * @param start first place in the target
   */
  StridedSum(Shape box, int[] advances, int start) {
    this.axes = StridedAxis.joined(box, StridedAxis.rowMajor(box), advances);
    this.window = StridedWindow.innermost(axes);
    this.start = start;
  }

  /** Adds; what stands in the target already is kept. */
  void run(NativeBuffer from, NativeBuffer to) {
    walk(0, from, 0, to, start);
  }

  private void walk(int depth, NativeBuffer from, int s, NativeBuffer to, int t) {
    if (from.isFloat() && window.isPresent() && depth == axes.size() - window.get().depth()) {
      window.get().add(from, s, to, t);
      return;
    }
    if (depth == axes.size()) {
      to.put(t, to.at(t) + from.at(s));
      return;
    }
    StridedAxis axis = axes.get(depth);
    if (depth == axes.size() - 1) {
      line(axis, from, s, to, t);
      return;
    }
    for (int i = 0; i < axis.extent(); i++) {
      walk(depth + 1, from, s + i * axis.source(), to, t + i * axis.target());
    }
  }

  private static void line(StridedAxis axis, NativeBuffer from, int s, NativeBuffer to, int t) {
    int extent = axis.extent();
    int step = axis.target();
    for (int i = 0; i < extent; i++) {
      int place = t + i * step;
      to.put(place, to.at(place) + from.at(s + i * axis.source()));
    }
  }
}
