package dev.tangents.testkit;

import static dev.tangents.testkit.PrimitiveCase.EXACT;
import static dev.tangents.testkit.PrimitiveCase.MOVES;
import static dev.tangents.testkit.PrimitiveCase.ROUNDED;
import static dev.tangents.testkit.PrimitiveCase.SUMS;
import static dev.tangents.testkit.Sampler.between;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import dev.tangents.op.index.Strides.Axis;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/** Primitives that move elements, and those that pick them by position or number. */
final class MovingCases {
  private MovingCases() {}

  /** All lines of this family. */
  static List<PrimitiveCase> all() {
    return Stream.of(moving(), picking()).flatMap(List::stream).toList();
  }

  private static List<PrimitiveCase> moving() {
    return List.of(
        moved(new Broadcast(Shape.of(2, 3), List.of(1)), 6, i -> i % 3, Shape.of(3)),
        moved(new Broadcast(Shape.of(2, 3), List.of(0)), 6, i -> i / 3, Shape.of(2)),
        moved(new Broadcast(Shape.of(2, 2), List.of()), 4, i -> 0, Shape.scalar()),
        moved(
            new Broadcast(Shape.of(2, 3, 2), List.of(0, 2)),
            12,
            i -> i / 6 * 2 + i % 2,
            Shape.of(2, 2)),
        moved(new Concat(0), 9, i -> i, Shape.of(2, 3), Shape.of(1, 3)),
        moved(
            new Concat(1),
            10,
            i -> i % 5 < 2 ? i / 5 * 2 + i % 5 : 4 + i / 5 * 3 + i % 5 - 2,
            Shape.of(2, 2),
            Shape.of(2, 3)),
        moved(new Concat(0), 6, i -> i, Shape.of(2), Shape.of(1), Shape.of(3)),
        moved(new Reshape(Shape.of(3, 2)), 6, i -> i, Shape.of(2, 3)),
        moved(new Reshape(Shape.of(1, 6, 1)), 6, i -> i, Shape.of(2, 3)),
        moved(new Reshape(Shape.scalar()), 1, i -> i, Shape.of(1, 1)),
        moved(new Slice(1, 1, 3), 4, i -> i / 2 * 4 + i % 2 + 1, Shape.of(2, 4)),
        moved(new Slice(1, 2, 4), 4, i -> i / 2 * 4 + i % 2 + 2, Shape.of(2, 4)),
        moved(new Slice(0, 0, 2), 4, i -> i, Shape.of(3, 2)),
        moved(new Slice(0, 1, 3), 4, i -> i + 2, Shape.of(3, 2)),
        moved(new Slice(0, 1, 1), 0, i -> i, Shape.of(3, 2)),
        moved(new Transpose(List.of(1, 0)), 6, i -> i % 2 * 3 + i / 2, Shape.of(2, 3)),
        moved(
            new Transpose(List.of(2, 0, 1)),
            24,
            i -> i / 3 % 2 * 12 + i % 3 * 4 + i / 6,
            Shape.of(2, 3, 4)),
        moved(new Transpose(List.of(0, 2, 1)), 4, i -> i, Shape.of(2, 1, 2)));
  }

  private static List<PrimitiveCase> picking() {
    // Patches of 2 with dilation 2 at stride 2 of [2, 5]: t + 2 k, channels between t and k.
    Strides patches =
        new Strides(
            Shape.of(2, 5),
            List.of(new Axis(2, 1, 2), new Axis(2, 0, 1), new Axis(2, 1, 2)),
            List.of(0L, 0L));
    Strides mirrored =
        new Strides(
            Shape.of(2, 4), List.of(new Axis(3, 1, -1), new Axis(2, 0, 1)), List.of(0L, 3L));
    IntUnaryOperator patch = i -> i / 2 % 2 * 5 + 2 * (i / 4) + 2 * (i % 2);
    IntUnaryOperator mirror = i -> i % 2 * 4 + 3 - i / 2;
    return List.of(
        moved(new StridedView(patches), 8, patch, Shape.of(2, 5)),
        moved(new StridedView(mirrored), 6, mirror, Shape.of(2, 4)),
        added(new StridedAdd(patches), 10, patch, Shape.of(2, 2, 2)),
        added(new StridedAdd(mirrored), 8, mirror, Shape.of(3, 2)),
        byNumber(new Gather(0), 3, x -> rowsByNumber(x, 1, 3, 2), Shape.of(3, 2), Shape.of(2, 2)),
        byNumber(new Gather(1), 3, x -> rowsByNumber(x, 2, 3, 1), Shape.of(2, 3), Shape.of(2, 4)),
        byNumber(
            new ScatterAdd(0, 3), 3, x -> sumsByNumber(x, 1, 3, 2), Shape.of(4, 2), Shape.of(4)),
        byNumber(
            new ScatterAdd(1, 3),
            3,
            x -> sumsByNumber(x, 2, 3, 2),
            Shape.of(2, 2, 2),
            Shape.of(2, 2)));
  }

  private static PrimitiveCase added(
      Primitive primitive, int size, IntUnaryOperator place, Shape shape) {
    Formula formula =
        operands -> {
          double[] y = new double[size];
          for (int i = 0; i < operands.get(0).length; i++) {
            y[place.applyAsInt(i)] += operands.get(0)[i];
          }
          return y;
        };
    return new PrimitiveCase(primitive, List.of(shape), between(-2, 2), formula, EXACT, MOVES);
  }

  /** Operand 1 holds row numbers below {@code rows}. */
  private static PrimitiveCase byNumber(
      Primitive primitive, int rows, Formula formula, Shape table, Shape ids) {
    Sampler sampler =
        (random, operand, size) ->
            operand == 1
                ? random.ints(size, 0, rows).asDoubleStream().toArray()
                : random.doubles(size).toArray();
    return new PrimitiveCase(primitive, List.of(table, ids), sampler, formula, ROUNDED, SUMS);
  }

  private static double[] rowsByNumber(List<double[]> operands, int lead, int rows, int width) {
    double[] ids = operands.get(1);
    double[] y = new double[ids.length * width];
    for (int i = 0; i < y.length; i++) {
      int block = i / width / (ids.length / lead);
      y[i] = operands.get(0)[(block * rows + (int) ids[i / width]) * width + i % width];
    }
    return y;
  }

  private static double[] sumsByNumber(List<double[]> operands, int lead, int rows, int width) {
    double[] ids = operands.get(1);
    double[] y = new double[lead * rows * width];
    for (int i = 0; i < y.length; i++) {
      for (int b = 0; b < ids.length / lead; b++) {
        int id = i / (rows * width) * (ids.length / lead) + b;
        y[i] += ids[id] == i / width % rows ? operands.get(0)[id * width + i % width] : 0;
      }
    }
    return y;
  }

  private static PrimitiveCase moved(
      Primitive primitive, int size, IntUnaryOperator source, Shape... shapes) {
    Formula formula = Formula.moves(size, source);
    return new PrimitiveCase(primitive, List.of(shapes), between(-2, 2), formula, EXACT, MOVES);
  }
}
