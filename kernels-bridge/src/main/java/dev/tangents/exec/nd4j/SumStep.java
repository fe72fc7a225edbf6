package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import dev.tangents.op.reduce.Sum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums over axes, in double whatever the precision, in one fixed order. Neighbouring axes that are
 * both kept or both summed are joined first. Then, for each run of results: for each index of the
 * summed axes, add a run of the operand; where the last axis is summed, a run is one number.
 */
final class SumStep implements Step {
  /** Neighbouring axes as one: extent, advance in the operand, whether it is summed. */
  private record Group(int extent, int stride, boolean summed) {}

  private final int source;
  private final int slot;
  private final List<Group> kept = new ArrayList<>();
  private final List<Group> summed = new ArrayList<>();
  private final int run;
  private final Scratch scratch;

  private SumStep(List<Group> groups, Call call) {
    this.source = call.operand(0).slot();
    this.slot = call.slot();
    this.scratch = call.scratch();
    groups.forEach(group -> (group.summed ? summed : kept).add(group));
    boolean lastKept = !groups.isEmpty() && !groups.get(groups.size() - 1).summed;
    this.run = lastKept ? kept.remove(kept.size() - 1).extent : 1;
  }

  /** The step of one application. */
  static Step of(Sum sum, Call call) {
    Shape shape = call.operand(0).shape();
    if (shape.size() == 0) {
      return frame -> frame.at(call.slot()).fill(0, call.size(), 0);
    }
    int[] strides = StridedAxis.rowMajor(shape);
    List<Group> groups = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      Group group = new Group((int) shape.dim(axis), strides[axis], sum.axes().contains(axis));
      Group before = groups.isEmpty() ? null : groups.get(groups.size() - 1);
      if (before != null && before.summed == group.summed) {
        groups.set(
            groups.size() - 1, new Group(before.extent * group.extent, group.stride, group.summed));
      } else {
        groups.add(group);
      }
    }
    return new SumStep(groups, call);
  }

  @Override
  public void run(Frame frame) {
    keep(0, frame.at(source), 0, frame.at(slot), 0);
  }

  /** Walks the kept axes but the last run; returns the next result to write. */
  private int keep(int depth, NativeBuffer x, int from, NativeBuffer z, int to) {
    if (depth == kept.size()) {
      for (int start = 0; start < run; start += Scratch.CHUNK) {
        int n = Math.min(Scratch.CHUNK, run - start);
        double[] sums = scratch.sums();
        Arrays.fill(sums, 0, n, 0);
        add(0, x, from + start, n, sums);
        for (int i = 0; i < n; i++) {
          z.put(to + start + i, sums[i]);
        }
      }
      return to + run;
    }
    Group group = kept.get(depth);
    int next = to;
    for (int i = 0; i < group.extent; i++) {
      next = keep(depth + 1, x, from + i * group.stride, z, next);
    }
    return next;
  }

  /** Walks the summed axes and adds runs of {@code n} numbers to {@code sums}. */
  private void add(int depth, NativeBuffer x, int from, int n, double[] sums) {
    if (depth == summed.size()) {
      for (int i = 0; i < n; i++) {
        sums[i] += x.at(from + i);
      }
      return;
    }
    Group group = summed.get(depth);
    if (group.stride == 1) {
      sums[0] += line(x, from, group.extent);
      return;
    }
    for (int i = 0; i < group.extent; i++) {
      add(depth + 1, x, from + i * group.stride, n, sums);
    }
  }

  /** Sum of a contiguous line, in four parts so that one addition need not wait for another. */
  private static double line(NativeBuffer x, int from, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      a += x.at(from + i);
      b += x.at(from + i + 1);
      c += x.at(from + i + 2);
      d += x.at(from + i + 3);
    }
    for (; i < n; i++) {
      a += x.at(from + i);
    }
    return (a + b) + (c + d);
  }
}
