package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Primitives that pick elements by position. There is none for the transpose of a window: ND4J
 * crashes the process where an operation writes to an array of unusual strides.
 */
final class IndexArrays {
  private IndexArrays() {}

  /** Adds this family's kernels. */
  static void register(ArrayKernels.Table table) {
    table.add(StridedView.class, (view, operands, result) -> view(operands.get(0), view.strides()));
    table.add(Gather.class, IndexArrays::gather);
    table.add(ScatterAdd.class, IndexArrays::scatter);
  }

  private static INDArray view(INDArray x, Strides strides) {
    long[] extents = ArrayKernels.dims(strides.view());
    long[] advances = strides.advances().length == 0 ? new long[] {1} : strides.advances();
    return Nd4j.create(x.data(), extents, advances, x.offset() + strides.first(), 'c').dup('c');
  }

  private static INDArray gather(Gather gather, List<INDArray> operands, Shape result) {
    INDArray table = operands.get(0);
    Table form = Table.of(table.shape(), gather.lead());
    return Nd4j.pullRows(form.flat(table), 1, form.rows(operands.get(1)));
  }

  /** Row by row: two ids may be the same. */
  private static INDArray scatter(ScatterAdd scatter, List<INDArray> operands, Shape result) {
    Table form = Table.of(result.dims(), scatter.lead());
    INDArray y = form.flat(Nd4j.zeros(operands.get(0).dataType(), result.dims()));
    int[] rows = form.rows(operands.get(1));
    INDArray x = operands.get(0).reshape('c', new long[] {rows.length, form.width()});
    for (int i = 0; i < rows.length; i++) {
      y.getRow(rows[i]).addi(x.getRow(i));
    }
    return y;
  }

  /**
   * Tables one below the other.
   *
   * @param count how many
   * @param rows of each
   * @param width numbers in a row
   */
  private record Table(int count, int rows, int width) {
    static Table of(long[] dims, int lead) {
      Shape shape = Shape.of(dims);
      return new Table(
          shape.slice(0, lead).intSize(),
          (int) shape.dim(lead),
          shape.slice(lead + 1, shape.rank()).intSize());
    }

    INDArray flat(INDArray tables) {
      return tables.reshape('c', new long[] {(long) count * rows, width});
    }

    /** Rows among all tables, by numbers that are rounded and may count from a table's end. */
    int[] rows(INDArray numbers) {
      double[] ids = numbers.castTo(DataType.DOUBLE).data().asDouble();
      int[] found = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        double row = Math.rint(ids[i]) + (ids[i] < -0.5 ? rows : 0);
        if (!(row >= 0 && row < rows)) {
          throw TangentsException.data(
              "gather: no row %s in a table of %d rows; expected %d to %d",
              ids[i], rows, -rows, rows - 1);
        }
        found[i] = i / (ids.length / count) * rows + (int) row;
      }
      return found;
    }
  }
}
