package dev.tangents.importer.onnx;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Select;
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Operators that pick elements: slices, embeddings, selections; and padding. */
final class IndexOps {
  private IndexOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.same("Slice", IndexOps::slice);
    table.same("Gather", IndexOps::gather);
    table.same("GatherND", IndexOps::gatherByPosition);
    table.one("Where", IndexOps::where);
    table.same("Pad", IndexOps::pad);
  }

  private static Value slice(NodeCall call) {
    Value x = call.value(0);
    long[] starts = call.integers(1);
    long[] ends = call.integers(2);
    long[] axes = call.has(3) ? call.integers(3) : LongStream.range(0, starts.length).toArray();
    long[] steps = call.has(4) ? call.integers(4) : null;
    if (ends.length != starts.length || axes.length != starts.length) {
      throw TangentsException.model(
          "%d starts, %d ends, %d axes; their numbers must be equal",
          starts.length, ends.length, axes.length);
    }
    for (int i = 0; i < starts.length; i++) {
      int axis = x.shape().normalise((int) axes[i]);
      x = cut(x, axis, starts[i], ends[i], steps == null ? 1 : steps[i]);
    }
    return x;
  }

  /** Bounds as in NumPy: negative ones count from the end, and all are cut to the axis. */
  private static Value cut(Value x, int axis, long start, long end, long step) {
    long n = x.shape().dim(axis);
    if (step == 0) {
      throw TangentsException.model("a step of 0 along axis %d", axis);
    }
    long least = step > 0 ? 0 : -1;
    long most = step > 0 ? n : n - 1;
    long first = Math.max(least, Math.min(most, start < 0 ? start + n : start));
    long last = Math.max(least, Math.min(most, end < 0 ? Math.max(end, -n - 1) + n : end));
    long count = Math.max(0, (last - first + step - Long.signum(step)) / step);
    return step == 1 || count == 0
        ? Slice.slice(x, axis, count == 0 ? 0 : first, count == 0 ? 0 : first + count)
        : steps(x, axis, first, step, count);
  }

  private static Value steps(Value x, int axis, long first, long step, long count) {
    List<Strides.Axis> axes = new ArrayList<>();
    List<Long> start = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      axes.add(
          i == axis ? new Strides.Axis(count, i, step) : new Strides.Axis(x.shape().dim(i), i, 1));
      start.add(i == axis ? first : 0);
    }
    return StridedView.view(x, new Strides(x.shape(), axes, start));
  }

  /** Rows along an axis; where the ids come with the sample this is an embedding. */
  private static Value gather(NodeCall call) {
    Value x = call.value(0);
    int axis = x.shape().normalise((int) call.integer("axis", 0));
    Tensor ids = call.tensor(1);
    if (ids.literal().isEmpty()) {
      if (ids.kind() == Tensor.Kind.REAL) {
        throw TangentsException.model("its indices are real numbers; expected integers");
      }
      return rows(x, axis, ids.value());
    }
    long n = x.shape().dim(axis);
    long[] known = call.integers(1);
    for (int i = 0; i < known.length; i++) {
      known[i] += known[i] < 0 ? n : 0;
      if (known[i] < 0 || known[i] >= n) {
        throw TangentsException.model(
            "index %d is not in 0 to %d, the range of axis %d of %s",
            known[i], n - 1, axis, x.shape());
      }
    }
    Shape head = x.shape().slice(0, axis);
    Shape tail = x.shape().slice(axis + 1, x.shape().rank());
    Shape result = head.concat(ids.shape()).concat(tail);
    if (isRun(known)) {
      return reshape(Slice.slice(x, axis, known[0], known[0] + known.length), result);
    }
    double[] numbers = Arrays.stream(known).asDoubleStream().toArray();
    Literal literal = Literal.of(TensorType.real(ids.shape()), numbers);
    return rows(x, axis, call.builder().constant(literal));
  }

  private static boolean isRun(long[] ids) {
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] != ids[0] + i) {
        return false;
      }
    }
    return ids.length > 0;
  }

  /** The axis goes to the front, the new axes go back to where it was. */
  private static Value rows(Value x, int axis, Value ids) {
    Value table = moveAxis(x, axis, 0);
    Value y = Gather.gather(table, ids);
    int added = ids.shape().rank();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < axis; i++) {
      order.add(added + i);
    }
    for (int i = 0; i < added; i++) {
      order.add(i);
    }
    for (int i = added + axis; i < y.shape().rank(); i++) {
      order.add(i);
    }
    return Transpose.transpose(y, order);
  }

  /** Parts of {@code x} by their position along its first axes: [B..., k] positions, known. */
  private static Value gatherByPosition(NodeCall call) {
    Value x = call.value(0);
    Shape ids = call.value(1).shape();
    int depth = ids.rank() == 0 ? 0 : (int) ids.dim(-1);
    if (call.integer("batch_dims", 0) != 0 || depth < 1 || depth > x.shape().rank()) {
      throw TangentsException.model(
          "positions %s into %s, batch_dims %d; expected [..., k] with k axes of it, and batch_dims 0",
          ids, x.shape(), call.integer("batch_dims", 0));
    }
    long[] positions = call.integers(1);
    double[] rows = new double[positions.length / depth];
    for (int i = 0; i < positions.length; i++) {
      long extent = x.shape().dim(i % depth);
      long position = positions[i] + (positions[i] < 0 ? extent : 0);
      if (position < 0 || position >= extent) {
        throw TangentsException.model(
            "position %d is not in axis %d of %s", positions[i], i % depth, x.shape());
      }
      rows[i / depth] = rows[i / depth] * extent + position;
    }
    Literal literal = Literal.of(TensorType.real(ids.remove(-1)), rows);
    Shape rest = x.shape().slice(depth, x.shape().rank());
    Shape table = Shape.of(x.shape().slice(0, depth).size()).concat(rest);
    return Gather.gather(reshape(x, table), call.builder().constant(literal));
  }

  private static Tensor where(NodeCall call) {
    Tensor a = call.tensor(1);
    Tensor b = call.tensor(2);
    Shape shape =
        Broadcasting.common(call.value(0).shape(), Broadcasting.common(a.shape(), b.shape()));
    Value y =
        Select.select(
            Broadcasting.to(call.value(0), shape),
            Broadcasting.to(a.value(), shape),
            Broadcasting.to(b.value(), shape));
    return a.with(y);
  }

  private static Value pad(NodeCall call) {
    Value x = call.value(0);
    int rank = x.shape().rank();
    long[] pads = call.has(1) ? call.integers(1) : call.integers("pads").orElseThrow();
    long[] axes = call.has(3) ? call.integers(3) : LongStream.range(0, rank).toArray();
    if (pads.length != 2 * axes.length) {
      throw TangentsException.model(
          "%d pads for %d axes; expected two for each", pads.length, axes.length);
    }
    String mode = call.text("mode", "constant");
    double fill = call.has(2) ? call.number(2) : call.number("value", 0);
    for (int i = 0; i < axes.length; i++) {
      int axis = x.shape().normalise((int) axes[i]);
      long before = pads[i];
      long after = pads[i + axes.length];
      x = crop(x, axis, before, after);
      x = grow(x, axis, Math.max(0, before), Math.max(0, after), mode, fill);
    }
    return x;
  }

  /** Negative pads cut. */
  private static Value crop(Value x, int axis, long before, long after) {
    long n = x.shape().dim(axis);
    return Slice.slice(x, axis, Math.max(0, -before), n - Math.max(0, -after));
  }

  private static Value grow(Value x, int axis, long before, long after, String mode, double fill) {
    if (before == 0 && after == 0) {
      return x;
    }
    long n = x.shape().dim(axis);
    return switch (mode) {
      case "constant" ->
          fill == 0
              ? zeros(x, axis, before, after)
              : around(
                  x.builder().splat(x.shape().with(axis, before), fill),
                  x,
                  x.builder().splat(x.shape().with(axis, after), fill),
                  axis);
      case "reflect" ->
          around(mirror(x, axis, before, before), x, mirror(x, axis, n - 2, after), axis);
      case "edge" -> around(steps(x, axis, 0, 0, before), x, steps(x, axis, n - 1, 0, after), axis);
      case "wrap" ->
          around(Slice.slice(x, axis, n - before, n), x, Slice.slice(x, axis, 0, after), axis);
      default ->
          throw TangentsException.model(
              "attribute 'mode' is '%s'; expected 'constant', 'edge', 'reflect' or 'wrap'", mode);
    };
  }

  private static Value around(Value before, Value x, Value after, int axis) {
    return Concat.concat(List.of(before, x, after), axis);
  }

  private static Value mirror(Value x, int axis, long first, long count) {
    return count == 0 ? Slice.slice(x, axis, 0, 0) : steps(x, axis, first, -1, count);
  }

  /** Zeros around: the transpose of a slice. */
  private static Value zeros(Value x, int axis, long before, long after) {
    List<Strides.Axis> axes = new ArrayList<>();
    List<Long> start = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      axes.add(new Strides.Axis(x.shape().dim(i), i, 1));
      start.add(i == axis ? before : 0);
    }
    Shape padded = x.shape().with(axis, x.shape().dim(axis) + before + after);
    return StridedAdd.add(x, new Strides(padded, axes, start));
  }
}
