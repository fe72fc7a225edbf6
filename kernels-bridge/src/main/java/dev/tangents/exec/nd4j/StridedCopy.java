package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Copies a box of numbers between two row-major tensors whose axes advance differently: transposes,
 * broadcasts (an axis that does not advance in the source), slices, parts of a concatenation. Axes
 * that advance alike are joined first, so that most copies become a few long runs.
 */
final class StridedCopy {
  /** Rows and columns of a block that is transposed while it is in cache. */
  private static final int BLOCK = 64;

  private final List<StridedAxis> outer;
  private final StridedAxis inner;
  private final int source;
  private final int target;
  private final float[] block = new float[BLOCK * BLOCK];
  private final float[] line = new float[BLOCK];

  /** The innermost axes where these are patches that lie densely in the target, of short rows. */
  private final Optional<StridedWindow> window;

  private StridedCopy(
      List<StridedAxis> axes, Optional<StridedWindow> window, int source, int target) {
    this.window = window;
    this.outer = List.copyOf(axes.subList(0, axes.size() - 1));
    this.inner = axes.get(axes.size() - 1);
    this.source = source;
    this.target = target;
  }

  /**
   * A copy of a box.
   *
   * @param box extents of the box, none of them 0
   * @param sourceStrides how far its axes advance in the source
   * @param targetStrides how far its axes advance in the target
   * @param source first number in the source
   * @param target first number in the target
   */
  static StridedCopy of(
      Shape box, int[] sourceStrides, int[] targetStrides, int source, int target) {
    List<StridedAxis> axes = StridedAxis.joined(box, sourceStrides, targetStrides);
    if (axes.isEmpty()) {
      axes.add(new StridedAxis(1, 1, 1));
    }
    Optional<StridedWindow> window = window(axes);
    if (window.isPresent()) {
      return new StridedCopy(axes, window, source, target);
    }
    // Where another axis is the contiguous one of the source, it goes next to the innermost.
    for (int i = 0; i < axes.size() - 2; i++) {
      if (axes.get(i).source() == 1 && axes.get(axes.size() - 1).source() > 1) {
        axes.add(axes.size() - 2, axes.remove(i));
        break;
      }
    }
    return new StridedCopy(axes, window, source, target);
  }

  /** The patches of a copy whose places in the source overlap; each place is read many times. */
  private static Optional<StridedWindow> window(List<StridedAxis> axes) {
    int dense = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      if (axes.get(i).target() != dense) {
        return Optional.empty();
      }
      dense *= axes.get(i).extent();
    }
    List<StridedAxis> turned = axes.stream().map(StridedAxis::turned).toList();
    return StridedWindow.innermost(turned).filter(StridedWindow::overlaps);
  }

  /** Copies. */
  void run(NativeBuffer from, NativeBuffer to) {
    walk(0, from, source, to, target);
  }

  private void walk(int depth, NativeBuffer from, int s, NativeBuffer to, int t) {
    if (window.isPresent() && from.isFloat() && depth == outer.size() + 1 - window.get().depth()) {
      window.get().copy(from, s, to, t);
      return;
    }
    if (depth == outer.size()) {
      line(from, s, to, t);
      return;
    }
    StridedAxis axis = outer.get(depth);
    if (depth == outer.size() - 1 && axis.source() == 1 && inner.source() > 1) {
      blocks(axis, from, s, to, t);
      return;
    }
    for (int i = 0; i < axis.extent(); i++) {
      walk(depth + 1, from, s + i * axis.source(), to, t + i * axis.target());
    }
  }

  private void line(NativeBuffer from, int s, NativeBuffer to, int t) {
    if (inner.target() == 1 && inner.source() == 1) {
      to.copy(t, from, s, inner.extent());
    } else if (inner.target() == 1 && inner.source() == 0) {
      to.fill(t, inner.extent(), from.at(s));
    } else {
      for (int i = 0; i < inner.extent(); i++) {
        to.put(t + i * inner.target(), from.at(s + i * inner.source()));
      }
    }
  }

  /**
   * Transposes block by block, so that the lines of neither side leave the cache half used. A block
   * passes through a Java array: lines in, columns out.
   */
  private void blocks(StridedAxis rows, NativeBuffer from, int s, NativeBuffer to, int t) {
    for (int row = 0; row < rows.extent(); row += BLOCK) {
      int height = Math.min(BLOCK, rows.extent() - row);
      for (int column = 0; column < inner.extent(); column += BLOCK) {
        int width = Math.min(BLOCK, inner.extent() - column);
        int source = s + row + column * inner.source();
        int target = t + row * rows.target() + column * inner.target();
        if (inner.target() == 1 && from.isFloat()) {
          floats(from, source, height, width, to, target, rows.target());
        } else {
          for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
              double x = from.at(source + i + j * inner.source());
              to.put(target + i * rows.target() + j * inner.target(), x);
            }
          }
        }
      }
    }
  }

  private void floats(
      NativeBuffer from, int source, int height, int width, NativeBuffer to, int target, int step) {
    for (int j = 0; j < width; j++) {
      from.get(source + j * inner.source(), block, j * BLOCK, height);
    }
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        line[j] = block[j * BLOCK + i];
      }
      to.set(target + i * step, line, width);
    }
  }
}
