package dev.tangents.importer.onnx;

import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Log;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Slice;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Operators that fold axes away, or keep them with extent 1. */
final class ReduceOps {
  private static final int MOST_FACTORS = 256;

  private ReduceOps() {}

  /** Folds the given axes, increasing, away. */
  private interface Fold extends BiFunction<Value, int[], Value> {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    fold(table, "ReduceSum", Sum::sum);
    fold(table, "ReduceMean", Sum::mean);
    fold(table, "ReduceMax", (x, axes) -> oneByOne(x, axes, ReduceMax::reduceMax));
    fold(table, "ReduceMin", (x, axes) -> oneByOne(x, axes, ReduceMax::reduceMin));
    fold(table, "ReduceLogSumExp", (x, axes) -> oneByOne(x, axes, LogSumExp::logSumExp));
    fold(table, "ReduceLogSum", (x, axes) -> Log.log(Sum.sum(x, axes)));
    fold(table, "ReduceSumSquare", (x, axes) -> Sum.sum(Mul.mul(x, x), axes));
    fold(table, "ReduceL1", (x, axes) -> Sum.sum(Abs.abs(x), axes));
    fold(table, "ReduceL2", (x, axes) -> Sqrt.sqrt(Sum.sum(Mul.mul(x, x), axes)));
    fold(table, "ReduceProd", (x, axes) -> oneByOne(x, axes, ReduceOps::product));
    table.same("GlobalAveragePool", call -> global(call.value(0), Sum::mean));
    table.same(
        "GlobalMaxPool",
        call -> global(call.value(0), (x, axes) -> oneByOne(x, axes, ReduceMax::reduceMax)));
  }

  private static void fold(OpTable table, String operator, Fold rule) {
    table.same(operator, call -> fold(call, rule));
  }

  private static Value fold(NodeCall call, Fold rule) {
    Value x = call.value(0);
    int rank = x.shape().rank();
    long[] named = call.axes().orElseGet(() -> new long[0]);
    if (named.length == 0 && call.integer("noop_with_empty_axes", 0) != 0) {
      return x;
    }
    int[] axes =
        named.length == 0
            ? IntStream.range(0, rank).toArray()
            : Arrays.stream(named)
                .mapToInt(axis -> x.shape().normalise(Math.toIntExact(axis)))
                .sorted()
                .distinct()
                .toArray();
    Value folded = rule.apply(x, axes);
    return call.integer("keepdims", 1) != 0 ? reshape(folded, kept(x.shape(), axes)) : folded;
  }

  private static Shape kept(Shape shape, int[] axes) {
    Shape kept = shape;
    for (int axis : axes) {
      kept = kept.with(axis, 1);
    }
    return kept;
  }

  /**
   * Applies a rule axis by axis, the last one first, so that the numbers of the others stay right.
   */
  private static Value oneByOne(Value x, int[] axes, BiFunction<Value, Integer, Value> rule) {
    Value y = x;
    for (int i = axes.length - 1; i >= 0; i--) {
      y = rule.apply(y, axes[i]);
    }
    return y;
  }

  private static Value global(Value x, Fold rule) {
    int[] axes = IntStream.range(2, x.shape().rank()).toArray();
    return reshape(rule.apply(x, axes), kept(x.shape(), axes));
  }

  /** Factor by factor: a product has no primitive of its own. */
  private static Value product(Value x, int axis) {
    long extent = x.shape().dim(axis);
    if (extent > MOST_FACTORS) {
      throw TangentsException.model(
          "a product over %d elements; expected at most %d", extent, MOST_FACTORS);
    }
    Shape rest = x.shape().remove(axis);
    Value product = x.builder().splat(rest, 1);
    for (long i = 0; i < extent; i++) {
      product = Mul.mul(product, reshape(Slice.slice(x, axis, i, i + 1), rest));
    }
    return product;
  }
}
