package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import dev.tangents.op.shape.Broadcast;
import java.util.Optional;

/**
 * A broadcast that is read where it is used and never formed: blocks of the source, each repeated.
 * Number i of the repeated tensor is number (i / (times block)) block + i % block of the source.
 *
 * @param times how often each block comes
 * @param block numbers of a block
 */
record Repeat(int times, int block) {
  /** The repetition that a broadcast is, if its new axes are neighbours; else empty. */
  static Optional<Repeat> of(Broadcast broadcast) {
    Shape shape = broadcast.target();
    long times = 1;
    long block = 1;
    boolean behind = true;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      boolean kept = broadcast.axes().contains(axis);
      if (shape.dim(axis) == 1) {
        continue;
      }
      if (!kept) {
        if (!behind) {
          return Optional.empty();
        }
        times *= shape.dim(axis);
      } else if (times == 1) {
        block *= shape.dim(axis);
      } else {
        behind = false;
      }
    }
    return Optional.of(new Repeat((int) times, (int) block));
  }

  /** Numbers {@code from} and on of the repeated tensor. */
  void get(NativeBuffer source, int from, float[] target, int count) {
    spread(from, count, target, (at, to, n) -> source.get(at, target, to, n));
  }

  /** Numbers {@code from} and on of the repeated tensor. */
  void get(NativeBuffer source, int from, double[] target, int count) {
    spread(from, count, target, (at, to, n) -> source.get(at, target, to, n));
  }

  /** Copies a run of the source. */
  private interface Run {
    void copy(int from, int to, int count);
  }

  private void spread(int from, int count, Object target, Run run) {
    int period = times * block;
    int at = 0;
    while (at < count) {
      int position = from + at;
      int start = position - position % period;
      int within = position % block;
      int end = (int) Math.min(count, (long) start + period - from);
      // The block from where we stand on, cyclically; what follows of the period repeats it.
      int first = Math.min(block, end - at);
      int head = Math.min(first, block - within);
      run.copy(start / times + within, at, head);
      if (first > head) {
        run.copy(start / times, at + head, first - head);
      }
      int done = first;
      while (at + done < end) {
        int more = Math.min(done, end - at - done);
        System.arraycopy(target, at, target, at + done, more);
        done += more;
      }
      at = end;
    }
  }
}
