package dev.tangents.exec.nd4j;

import java.util.List;
import java.util.Optional;

/**
 * The innermost axes of a box of floats, which lie densely in one tensor and step through a small
 * stretch of another: patches of an image on one side, the image on the other. The stretch is
 * brought into a Java array once, where all of its patches meet it, and the dense side passes by in
 * order; so native memory is touched in long runs on both sides.
 *
 * <p>In between, the loop is over the longest axis whose neighbours are neighbours in the stretch
 * too: the positions along a row of an image, not the three columns of a convolution's kernel.
 */
final class StridedWindow {
  /** Most numbers of a stretch: 512 KB stay in the second-level cache beside the dense side. */
  private static final int MOST = 1 << 17;

  /** Axes outside of the line, outermost first. */
  private final int[] extents;

  private final int[] advances;
  private final int[] at;

  /** Neighbours along the line, and how far they are from each other in the stretch. */
  private final int length;

  private final int step;

  /** Where each number of the axes inside of the line lies in the stretch. */
  private final int[] offsets;

  private final int depth;
  private final int low;
  private final int blocks;
  private final float[] stretch;
  private final float[] dense;

  private StridedWindow(List<StridedAxis> axes, int line, int low, int size) {
    List<StridedAxis> outside = axes.subList(0, line);
    this.extents = outside.stream().mapToInt(StridedAxis::extent).toArray();
    this.advances = outside.stream().mapToInt(StridedAxis::target).toArray();
    this.at = new int[extents.length];
    this.length = axes.get(line).extent();
    this.step = axes.get(line).target();
    this.offsets = offsets(axes.subList(line + 1, axes.size()));
    this.depth = axes.size();
    this.low = low;
    this.blocks = outside.stream().mapToInt(StridedAxis::extent).reduce(1, (a, b) -> a * b);
    this.stretch = new float[size];
    this.dense = new float[Math.multiplyExact(length, offsets.length)];
  }

  /**
   * The window of as many of the innermost axes as fit.
   *
   * @param axes axes of a box, outermost first, as {@link StridedAxis#joined} makes them of a dense
   *     source; {@code target} says how they step
   * @return empty if not even the innermost axis fits, or there is none
   */
  static Optional<StridedWindow> innermost(List<StridedAxis> axes) {
    int low = 0;
    int high = 0;
    int from = axes.size();
    while (from > 0) {
      StridedAxis axis = axes.get(from - 1);
      long reach = (long) (axis.extent() - 1) * axis.target();
      if (high - low + Math.abs(reach) >= MOST) {
        break;
      }
      low += (int) Math.min(0, reach);
      high += (int) Math.max(0, reach);
      from--;
    }
    if (from == axes.size()) {
      return Optional.empty();
    }
    List<StridedAxis> inner = axes.subList(from, axes.size());
    return Optional.of(new StridedWindow(inner, line(inner), low, high - low + 1));
  }

  /**
   * The longest axis of neighbours whose block of the dense side stays in the cache; else the last.
   */
  private static int line(List<StridedAxis> axes) {
    int line = axes.size() - 1;
    long block = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      StridedAxis axis = axes.get(i);
      block *= axis.extent();
      boolean longer = axes.get(line).target() != 1 || axis.extent() > axes.get(line).extent();
      if (axis.target() == 1 && longer && block <= MOST) {
        line = i;
      }
    }
    return line;
  }

  private static int[] offsets(List<StridedAxis> axes) {
    int[] offsets = {0};
    for (StridedAxis axis : axes) {
      int[] finer = new int[offsets.length * axis.extent()];
      for (int i = 0; i < finer.length; i++) {
        finer[i] = offsets[i / axis.extent()] + i % axis.extent() * axis.target();
      }
      offsets = finer;
    }
    return offsets;
  }

  /** Number of axes taken. */
  int depth() {
    return depth;
  }

  /** Whether there are more patches than places, so that some are met again. */
  boolean overlaps() {
    return (long) blocks * dense.length > stretch.length;
  }

  /** Adds the dense numbers from {@code d} on to the places around {@code s}. */
  void add(NativeBuffer from, int d, NativeBuffer to, int s) {
    to.get(s + low, stretch, stretch.length);
    int place = -low;
    for (int block = 0; block < blocks; block++) {
      from.get(d + block * dense.length, dense, dense.length);
      for (int j = 0; j < offsets.length; j++) {
        add(stretch, place + offsets[j], step, dense, j, offsets.length, length);
      }
      place += advance();
    }
    to.set(s + low, stretch, stretch.length);
  }

  private static void add(float[] y, int to, int by, float[] x, int from, int stride, int count) {
    if (by == 1 && stride == 1) {
      for (int i = 0; i < count; i++) {
        y[to + i] += x[from + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i * by] += x[from + i * stride];
      }
    }
  }

  /** Copies the numbers around {@code s} to the dense side, from {@code d} on. */
  void copy(NativeBuffer from, int s, NativeBuffer to, int d) {
    from.get(s + low, stretch, stretch.length);
    int place = -low;
    for (int block = 0; block < blocks; block++) {
      for (int j = 0; j < offsets.length; j++) {
        copy(stretch, place + offsets[j], step, dense, j, offsets.length, length);
      }
      to.set(d + block * dense.length, dense, dense.length);
      place += advance();
    }
  }

  private static void copy(float[] x, int from, int by, float[] y, int to, int stride, int count) {
    if (by == 1 && stride == 1) {
      System.arraycopy(x, from, y, to, count);
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i * stride] = x[from + i * by];
      }
    }
  }

  /** Moves the axes outside of the line one position on; how far that is in the stretch. */
  private int advance() {
    int moved = 0;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      at[axis]++;
      moved += advances[axis];
      if (at[axis] < extents[axis]) {
        return moved;
      }
      moved -= extents[axis] * advances[axis];
      at[axis] = 0;
    }
    return moved;
  }
}
