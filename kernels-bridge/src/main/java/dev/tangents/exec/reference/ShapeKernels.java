package dev.tangents.exec.reference;

import dev.tangents.ir.Shape;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.List;

/**
 * Primitives that move elements. Each states, for an index of the result, where its element comes
 * from.
 */
final class ShapeKernels {
  private ShapeKernels() {}

  /** Adds this family's kernels. */
  static void register(ReferenceKernels.Table table) {
    table.add(Reshape.class, (reshape, operands, shapes, result) -> operands.get(0).clone());
    table.add(Transpose.class, ShapeKernels::transpose);
    table.add(Broadcast.class, ShapeKernels::broadcast);
    table.add(Slice.class, ShapeKernels::slice);
    table.add(Concat.class, ShapeKernels::concat);
  }

  private static double[] transpose(
      Transpose transpose, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] y = new double[result.intSize()];
    int[] source = new int[result.rank()];
    Indices.forEach(
        result,
        index -> {
          for (int axis = 0; axis < index.length; axis++) {
            source[transpose.permutation().get(axis)] = index[axis];
          }
          y[Indices.offset(result, index)] = operands.get(0)[Indices.offset(shapes.get(0), source)];
        });
    return y;
  }

  private static double[] broadcast(
      Broadcast broadcast, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] y = new double[result.intSize()];
    int[] source = new int[shapes.get(0).rank()];
    Indices.forEach(
        result,
        index -> {
          for (int axis = 0; axis < source.length; axis++) {
            source[axis] = index[broadcast.axes().get(axis)];
          }
          y[Indices.offset(result, index)] = operands.get(0)[Indices.offset(shapes.get(0), source)];
        });
    return y;
  }

  private static double[] slice(
      Slice slice, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] y = new double[result.intSize()];
    Indices.forEach(
        result,
        index -> {
          int[] source = index.clone();
          source[slice.axis()] += (int) slice.start();
          y[Indices.offset(result, index)] = operands.get(0)[Indices.offset(shapes.get(0), source)];
        });
    return y;
  }

  private static double[] concat(
      Concat concat, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] y = new double[result.intSize()];
    int start = 0;
    for (int part = 0; part < operands.size(); part++) {
      double[] x = operands.get(part);
      Shape shape = shapes.get(part);
      int from = start;
      Indices.forEach(
          shape,
          index -> {
            int[] target = index.clone();
            target[concat.axis()] += from;
            y[Indices.offset(result, target)] = x[Indices.offset(shape, index)];
          });
      start += (int) shape.dim(concat.axis());
    }
    return y;
  }
}
