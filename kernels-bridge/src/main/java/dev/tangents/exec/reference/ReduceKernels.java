package dev.tangents.exec.reference;

import dev.tangents.ir.Shape;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import java.util.Arrays;
import java.util.List;

/**
 * Primitives that fold an axis away. Each walks the operand and adds to the element it belongs to.
 */
final class ReduceKernels {
  private ReduceKernels() {}

  /** Adds this family's kernels. */
  static void register(ReferenceKernels.Table table) {
    table.add(Sum.class, ReduceKernels::sum);
    table.add(
        ReduceMax.class,
        (max, operands, shapes, result) -> max(operands.get(0), shapes.get(0), max.axis(), result));
    table.add(LogSumExp.class, ReduceKernels::logSumExp);
    table.add(FirstMax.class, ReduceKernels::firstMax);
  }

  private static double[] sum(Sum sum, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] y = new double[result.intSize()];
    Indices.forEach(
        shapes.get(0),
        index -> {
          int[] target = index;
          for (int i = sum.axes().size() - 1; i >= 0; i--) {
            target = Indices.without(target, sum.axes().get(i));
          }
          y[Indices.offset(result, target)] +=
              operands.get(0)[Indices.offset(shapes.get(0), index)];
        });
    return y;
  }

  private static double[] max(double[] x, Shape shape, int axis, Shape result) {
    double[] y = new double[result.intSize()];
    Arrays.fill(y, Double.NEGATIVE_INFINITY);
    Indices.forEach(
        shape,
        index -> {
          int target = Indices.offset(result, Indices.without(index, axis));
          y[target] = Math.max(y[target], x[Indices.offset(shape, index)]);
        });
    return y;
  }

  private static double[] logSumExp(
      LogSumExp fold, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] x = operands.get(0);
    Shape shape = shapes.get(0);
    // An infinite maximum has no differences; without a shift its sum of exponentials is 0 or
    // infinity.
    double[] shift =
        Arrays.stream(max(x, shape, fold.axis(), result))
            .map(max -> Double.isInfinite(max) ? 0 : max)
            .toArray();
    double[] y = new double[result.intSize()];
    Indices.forEach(
        shape,
        index -> {
          int target = Indices.offset(result, Indices.without(index, fold.axis()));
          y[target] += Math.exp(x[Indices.offset(shape, index)] - shift[target]);
        });
    for (int i = 0; i < y.length; i++) {
      y[i] = shift[i] + Math.log(y[i]);
    }
    return y;
  }

  private static double[] firstMax(
      FirstMax first, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] x = operands.get(0);
    Shape reduced = result.remove(first.axis());
    double[] max = max(x, result, first.axis(), reduced);
    boolean[] found = new boolean[max.length];
    double[] y = new double[x.length];
    Indices.forEach(
        result,
        index -> {
          int target = Indices.offset(reduced, Indices.without(index, first.axis()));
          int source = Indices.offset(result, index);
          if (!found[target] && x[source] == max[target]) {
            found[target] = true;
            y[source] = 1;
          }
        });
    return y;
  }
}
