package dev.tangents.exec.nd4j;

import java.util.List;
import java.util.Optional;

/**
 * The innermost axes of a box of floats, which lie densely in one tensor and step through a small
 * stretch of another: patches of an image on one side, a plane of the image on the other. The
 * stretch is brought into a Java array once, where all of its patches meet it, and the dense side
 * passes by in order; so native memory is touched in long runs on both sides, however short the
 * patches' rows are.
 */
final class StridedWindow {
  /** Most numbers of a stretch: 64 KB stay in the second-level cache beside the dense side. */
  private static final int MOST = 1 << 14;

  private final int[] extents;
  private final int[] advances;
  private final int[] at;
  private final int low;
  private final int numbers;
  private final float[] stretch;
  private final float[] dense = new float[Scratch.CHUNK];

  private StridedWindow(int[] extents, int[] advances, int low, int size) {
    this.extents = extents;
    this.advances = advances;
    this.at = new int[extents.length];
    this.low = low;
    this.stretch = new float[size];
    int product = 1;
    for (int extent : extents) {
      product *= extent;
    }
    this.numbers = product;
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
    return Optional.of(
        new StridedWindow(
            inner.stream().mapToInt(StridedAxis::extent).toArray(),
            inner.stream().mapToInt(StridedAxis::target).toArray(),
            low,
            high - low + 1));
  }

  /** Number of axes taken. */
  int depth() {
    return extents.length;
  }

  /** Whether there are more patches than places, so that some are met again. */
  boolean overlaps() {
    return numbers > stretch.length;
  }

  /** Adds the dense numbers from {@code d} on to the places around {@code s}. */
  void add(NativeBuffer from, int d, NativeBuffer to, int s) {
    to.get(s + low, stretch, stretch.length);
    int length = extents[extents.length - 1];
    int step = advances[extents.length - 1];
    int place = -low;
    int filled = 0;
    int next = 0;
    for (int done = 0; done < numbers; done += length) {
      for (int i = 0; i < length; ) {
        if (next == filled) {
          filled = Math.min(dense.length, numbers - done - i);
          from.get(d + done + i, dense, filled);
          next = 0;
        }
        int run = Math.min(length - i, filled - next);
        add(stretch, place + i * step, step, dense, next, run);
        i += run;
        next += run;
      }
      place += advance();
    }
    to.set(s + low, stretch, stretch.length);
  }

  private static void add(float[] y, int to, int step, float[] x, int from, int count) {
    if (step == 1) {
      for (int i = 0; i < count; i++) {
        y[to + i] += x[from + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i * step] += x[from + i];
      }
    }
  }

  /** Copies the numbers around {@code s} to the dense side, from {@code d} on. */
  void copy(NativeBuffer from, int s, NativeBuffer to, int d) {
    from.get(s + low, stretch, stretch.length);
    int length = extents[extents.length - 1];
    int step = advances[extents.length - 1];
    int place = -low;
    int held = 0;
    int written = 0;
    for (int done = 0; done < numbers; done += length) {
      for (int i = 0; i < length; ) {
        int run = Math.min(length - i, dense.length - held);
        copy(stretch, place + i * step, step, dense, held, run);
        i += run;
        held += run;
        if (held == dense.length) {
          to.set(d + written, dense, held);
          written += held;
          held = 0;
        }
      }
      place += advance();
    }
    to.set(d + written, dense, held);
  }

  private static void copy(float[] x, int from, int step, float[] y, int to, int count) {
    if (step == 1) {
      System.arraycopy(x, from, y, to, count);
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i] = x[from + i * step];
      }
    }
  }

  /** Moves all axes but the innermost one position on; how far that is in the stretch. */
  private int advance() {
    int moved = 0;
    for (int axis = extents.length - 2; axis >= 0; axis--) {
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
