package dev.tangents.importer.onnx;

import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Log;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Operators that fold axes away, or keep them with extent 1. */
final class ReduceOps {
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
    table.one("ReduceProd", ReduceOps::product);
    table.same("GlobalAveragePool", call -> global(call.value(0), Sum::mean));
    table.same(
        "GlobalMaxPool",
        call -> global(call.value(0), (x, axes) -> oneByOne(x, axes, ReduceMax::reduceMax)));
  }

  /** sum |x| along an axis, which disappears. */
  static Value sumOfMagnitudes(Value x, int axis) {
    return Sum.sum(Abs.abs(x), axis);
  }

  /** sqrt(sum x^2) along an axis, which disappears. */
  static Value euclidean(Value x, int axis) {
    return Sqrt.sqrt(Sum.sum(Mul.mul(x, x), axis));
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

  /** From the last axis on, so that the numbers of the others stay right. */
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

  /** Of known numbers, as in the size of a flattened shape. */
  private static Tensor product(NodeCall call) {
    double product = Arrays.stream(call.literal(0).toArray()).reduce(1, (a, b) -> a * b);
    boolean keep = call.integer("keepdims", 1) != 0;
    List<Integer> all = IntStream.range(0, call.value(0).shape().rank()).boxed().toList();
    Shape shape = keep ? kept(call.value(0).shape(), toArray(all)) : Shape.scalar();
    return call.known(call.tensor(0).kind(), shape, product);
  }

  private static int[] toArray(List<Integer> axes) {
    return axes.stream().mapToInt(Integer::intValue).toArray();
  }
}
