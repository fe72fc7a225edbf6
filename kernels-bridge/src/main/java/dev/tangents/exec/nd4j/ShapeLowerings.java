package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.List;

/**
 * Primitives that move elements: each is one or more {@link StridedCopy}. In Java, since ND4J's own
 * copies of views allocate native descriptions of them a call.
 */
final class ShapeLowerings {
  private ShapeLowerings() {}

  /** The lowerings of this family; a reshape needs none. */
  static List<Lowering<?>> all() {
    return List.of(
        new Lowering<>(Transpose.class, false, false, ShapeLowerings::transpose),
        new Lowering<>(Broadcast.class, false, false, ShapeLowerings::broadcast),
        new Lowering<>(Slice.class, false, false, ShapeLowerings::slice),
        new Lowering<>(Concat.class, false, true, ShapeLowerings::concat));
  }

  private static Step transpose(Transpose transpose, Call call) {
    int[] operand = StridedAxis.rowMajor(call.operand(0).shape());
    int[] source = transpose.permutation().stream().mapToInt(axis -> operand[axis]).toArray();
    return whole(call, source, 0);
  }

  private static Step broadcast(Broadcast broadcast, Call call) {
    int[] operand = StridedAxis.rowMajor(call.operand(0).shape());
    int[] source = new int[call.shape().rank()];
    for (int i = 0; i < operand.length; i++) {
      source[broadcast.axes().get(i)] = operand[i];
    }
    return whole(call, source, 0);
  }

  private static Step slice(Slice slice, Call call) {
    Shape operand = call.operand(0).shape();
    int[] source = StridedAxis.rowMajor(operand);
    return whole(call, source, (int) slice.start() * source[operand.normalise(slice.axis())]);
  }

  private static Step whole(Call call, int[] source, int start) {
    StridedCopy copy =
        StridedCopy.of(call.shape(), source, StridedAxis.rowMajor(call.shape()), start, 0);
    int from = call.operand(0).slot();
    return frame -> copy.run(frame.at(from), frame.at(call.slot()));
  }

  private static Step concat(Concat concat, Call call) {
    int axis = call.shape().normalise(concat.axis());
    int[] target = StridedAxis.rowMajor(call.shape());
    List<Step> parts = new ArrayList<>();
    int start = 0;
    for (Operand operand : call.operands()) {
      if (operand.shape().size() > 0) {
        parts.add(part(operand, target, start * target[axis], call));
      }
      start += (int) operand.shape().dim(axis);
    }
    return frame -> {
      for (Step part : parts) {
        part.run(frame);
      }
    };
  }

  private static Step part(Operand operand, int[] target, int start, Call call) {
    Shape shape = operand.shape();
    if (!operand.isSplat()) {
      StridedCopy copy = StridedCopy.of(shape, StridedAxis.rowMajor(shape), target, 0, start);
      return frame -> copy.run(frame.at(operand.slot()), frame.at(call.slot()));
    }
    // The zeros around a slice's cotangent: one number that does not advance.
    int axis = firstDifference(shape, call.shape());
    int run = (int) shape.slice(axis, shape.rank()).size();
    int lines = (int) shape.slice(0, axis).size();
    int step = axis == 0 ? 0 : target[axis - 1];
    return frame -> {
      for (int i = 0; i < lines; i++) {
        frame.at(call.slot()).fill(start + i * step, run, operand.splat());
      }
    };
  }

  private static int firstDifference(Shape part, Shape whole) {
    for (int axis = 0; axis < part.rank(); axis++) {
      if (part.dim(axis) != whole.dim(axis)) {
        return axis;
      }
    }
    return 0;
  }
}
