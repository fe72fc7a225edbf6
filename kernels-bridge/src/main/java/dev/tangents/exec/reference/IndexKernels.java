package dev.tangents.exec.reference;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import java.util.Arrays;
import java.util.List;

/** Primitives that pick elements by position, and their transposes. */
final class IndexKernels {
  private IndexKernels() {}

  /** Adds this family's kernels. */
  static void register(ReferenceKernels.Table table) {
    table.add(StridedView.class, IndexKernels::view);
    table.add(StridedAdd.class, IndexKernels::add);
    table.add(Gather.class, IndexKernels::gather);
    table.add(ScatterAdd.class, IndexKernels::scatter);
  }

  private static double[] view(
      StridedView view, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] x = operands.get(0);
    return Arrays.stream(places(view.strides())).mapToDouble(place -> x[place]).toArray();
  }

  private static double[] add(
      StridedAdd add, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] y = new double[result.intSize()];
    int[] places = places(add.strides());
    for (int i = 0; i < places.length; i++) {
      y[places[i]] += operands.get(0)[i];
    }
    return y;
  }

  /** Where each element of a window is in its tensor. */
  private static int[] places(Strides strides) {
    Shape view = strides.view();
    int[] places = new int[view.intSize()];
    int[] position = new int[strides.shape().rank()];
    Indices.forEach(
        view,
        index -> {
          for (int a = 0; a < position.length; a++) {
            position[a] = strides.start().get(a).intValue();
          }
          for (int j = 0; j < index.length; j++) {
            Strides.Axis axis = strides.axes().get(j);
            position[axis.along()] += (int) axis.step() * index[j];
          }
          places[Indices.offset(view, index)] = Indices.offset(strides.shape(), position);
        });
    return places;
  }

  private static double[] gather(
      Gather gather, List<double[]> operands, List<Shape> shapes, Shape result) {
    Shape table = shapes.get(0);
    int lead = (int) table.slice(0, gather.lead()).size();
    int rows = (int) table.dim(gather.lead());
    int width = (int) table.slice(gather.lead() + 1, table.rank()).size();
    double[] ids = operands.get(1);
    double[] y = new double[result.intSize()];
    for (int i = 0; i < ids.length; i++) {
      int block = i / (ids.length / lead);
      int row = block * rows + row(ids[i], rows);
      System.arraycopy(operands.get(0), row * width, y, i * width, width);
    }
    return y;
  }

  private static double[] scatter(
      ScatterAdd scatter, List<double[]> operands, List<Shape> shapes, Shape result) {
    int lead = (int) result.slice(0, scatter.lead()).size();
    int rows = (int) scatter.rows();
    int width = (int) result.slice(scatter.lead() + 1, result.rank()).size();
    double[] ids = operands.get(1);
    double[] y = new double[result.intSize()];
    for (int i = 0; i < ids.length; i++) {
      int row = i / (ids.length / lead) * rows + row(ids[i], rows);
      for (int k = 0; k < width; k++) {
        y[row * width + k] += operands.get(0)[i * width + k];
      }
    }
    return y;
  }

  private static int row(double id, int rows) {
    double row = Math.rint(id) + (id < -0.5 ? rows : 0);
    if (!(row >= 0 && row < rows)) {
      throw TangentsException.data(
          "gather: no row %s in a table of %d rows; expected %d to %d", id, rows, -rows, rows - 1);
    }
    return (int) row;
  }
}
