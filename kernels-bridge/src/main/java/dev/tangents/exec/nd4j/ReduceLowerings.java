package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import java.util.List;

/**
 * Primitives that fold axes away. In Java: ND4J's reductions add floats in float, which is 6e-5 off
 * for ten million, and its max loses NaN.
 */
final class ReduceLowerings {
  private ReduceLowerings() {}

  /** The lowerings of this family. */
  static List<Lowering<?>> all() {
    return List.of(
        new Lowering<>(Sum.class, false, false, SumStep::of),
        new Lowering<>(
            ReduceMax.class, false, false, (max, call) -> along(max.axis(), call, Fold.MAX)),
        new Lowering<>(
            LogSumExp.class, false, false, (fold, call) -> along(fold.axis(), call, Fold.LOG_SUM)),
        new Lowering<>(
            FirstMax.class, false, false, (first, call) -> along(first.axis(), call, Fold.FIRST)));
  }

  /** What to do with one line of numbers x[start], x[start + stride] ... */
  private enum Fold {
    MAX {
      @Override
      void line(NativeBuffer x, int start, int stride, int n, NativeBuffer z, int at) {
        z.put(at, max(x, start, stride, n));
      }
    },
    LOG_SUM {
      @Override
      void line(NativeBuffer x, int start, int stride, int n, NativeBuffer z, int at) {
        double max = max(x, start, stride, n);
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += Math.exp(x.at(start + i * stride) - max);
        }
        z.put(at, max + Math.log(sum));
      }
    },
    FIRST {
      @Override
      void line(NativeBuffer x, int start, int stride, int n, NativeBuffer z, int at) {
        double max = max(x, start, stride, n);
        boolean found = false;
        for (int i = 0; i < n; i++) {
          boolean here = !found && x.at(start + i * stride) == max;
          z.put(start + i * stride, here ? 1 : 0);
          found |= here;
        }
      }
    };

    /** Folds one line into z[at], or writes a line of z where the axis stays. */
    abstract void line(NativeBuffer x, int start, int stride, int n, NativeBuffer z, int at);

    static double max(NativeBuffer x, int start, int stride, int n) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        max = Math.max(max, x.at(start + i * stride));
      }
      return max;
    }
  }

  private static Step along(int axis, Call call, Fold fold) {
    Operand operand = call.operand(0);
    Shape shape = operand.shape();
    int lines = (int) shape.slice(0, axis).size();
    int n = (int) shape.dim(axis);
    int inner = (int) shape.slice(axis + 1, shape.rank()).size();
    return frame -> {
      NativeBuffer x = frame.at(operand.slot());
      NativeBuffer z = frame.at(call.slot());
      for (int i = 0; i < lines; i++) {
        for (int j = 0; j < inner; j++) {
          fold.line(x, i * n * inner + j, inner, n, z, i * inner + j);
        }
      }
    };
  }
}
