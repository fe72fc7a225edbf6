package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import java.util.Arrays;
import java.util.List;

/**
 * Primitives that pick elements by position, and their transposes, in Java: ND4J's im2col is for
 * one layout of images and allocates, and its scatter is not deterministic over threads.
 */
final class IndexLowerings {
  private IndexLowerings() {}

  /** The lowerings of this family. */
  static List<Lowering<?>> all() {
    return List.of(
        new Lowering<>(StridedView.class, false, false, IndexLowerings::view),
        new Lowering<>(StridedAdd.class, false, false, IndexLowerings::add),
        new Lowering<>(Gather.class, false, false, IndexLowerings::gather),
        new Lowering<>(ScatterAdd.class, false, false, IndexLowerings::scatter));
  }

  private static Step view(StridedView view, Call call) {
    Strides strides = view.strides();
    StridedCopy copy =
        StridedCopy.of(
            call.shape(),
            advances(strides),
            StridedAxis.rowMajor(call.shape()),
            Math.toIntExact(strides.first()),
            0);
    int from = call.operand(0).slot();
    return frame -> copy.run(frame.at(from), frame.at(call.slot()));
  }

  private static Step add(StridedAdd add, Call call) {
    Strides strides = add.strides();
    int from = call.operand(0).slot();
    if (strides.view().size() == 0) {
      return frame -> frame.at(call.slot()).fill(0, call.size(), 0);
    }
    StridedSum sum =
        new StridedSum(strides.view(), advances(strides), Math.toIntExact(strides.first()));
    return frame -> {
      NativeBuffer y = frame.at(call.slot());
      y.fill(0, call.size(), 0);
      sum.run(frame.at(from), y);
    };
  }

  private static int[] advances(Strides strides) {
    return Arrays.stream(strides.advances()).mapToInt(Math::toIntExact).toArray();
  }

  private static Step gather(Gather gather, Call call) {
    Shape table = call.operand(0).shape();
    int rows = (int) table.dim(gather.lead());
    int width = (int) table.slice(gather.lead() + 1, table.rank()).size();
    int count = call.operand(1).shape().intSize();
    int block = count / (int) table.slice(0, gather.lead()).size();
    return frame -> {
      NativeBuffer x = frame.at(call.operand(0).slot());
      NativeBuffer ids = frame.at(call.operand(1).slot());
      NativeBuffer y = frame.at(call.slot());
      for (int i = 0; i < count; i++) {
        int row = i / block * rows + row(ids.at(i), rows);
        y.copy(i * width, x, row * width, width);
      }
    };
  }

  private static Step scatter(ScatterAdd scatter, Call call) {
    int rows = (int) scatter.rows();
    int width = (int) call.shape().slice(scatter.lead() + 1, call.shape().rank()).size();
    int count = call.operand(1).shape().intSize();
    int lead = (int) call.shape().slice(0, scatter.lead()).size();
    return frame -> {
      NativeBuffer x = frame.at(call.operand(0).slot());
      NativeBuffer ids = frame.at(call.operand(1).slot());
      NativeBuffer y = frame.at(call.slot());
      y.fill(0, call.size(), 0);
      for (int i = 0; i < count; i++) {
        int start = (i / (count / lead) * rows + row(ids.at(i), rows)) * width;
        for (int k = 0; k < width; k++) {
          y.put(start + k, y.at(start + k) + x.at(i * width + k));
        }
      }
    };
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
