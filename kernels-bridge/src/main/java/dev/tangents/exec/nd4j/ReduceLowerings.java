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

  /** What to do with a line of n numbers. */
  private enum Fold {
    MAX(false) {
      @Override
      void apply(double[] line, int n) {
        line[0] = max(line, n);
      }
    },
    LOG_SUM(false) {
      @Override
      void apply(double[] line, int n) {
        double max = max(line, n);
        // An infinite maximum has no differences; its sum of exponentials is 0 or infinity.
        double shift = Double.isInfinite(max) ? 0 : max;
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += Math.exp(line[i] - shift);
        }
        line[0] = shift + Math.log(sum);
      }
    },
    FIRST(true) {
      @Override
      void apply(double[] line, int n) {
        double max = max(line, n);
        boolean found = false;
        for (int i = 0; i < n; i++) {
          boolean here = !found && line[i] == max;
          line[i] = here ? 1 : 0;
          found |= here;
        }
      }
    };

    private final boolean keepsAxis;

    Fold(boolean keepsAxis) {
      this.keepsAxis = keepsAxis;
    }

    /** Folds the line into its first number, or replaces it where the axis stays. */
    abstract void apply(double[] line, int n);

    private static double max(double[] line, int n) {
      double max = line[0];
      for (int i = 1; i < n; i++) {
        double x = line[i];
        // As Math.max but for the sign of a zero; the second test lets NaN through.
        if (x > max || Double.isNaN(x)) {
          max = x;
        }
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
    double[] line = new double[n];
    return frame -> {
      NativeBuffer x = frame.at(operand.slot());
      NativeBuffer z = frame.at(call.slot());
      for (int i = 0; i < lines; i++) {
        for (int j = 0; j < inner; j++) {
          int start = i * n * inner + j;
          for (int k = 0; k < n; k++) {
            line[k] = x.at(start + k * inner);
          }
          fold.apply(line, n);
          if (fold.keepsAxis) {
            for (int k = 0; k < n; k++) {
              z.put(start + k * inner, line[k]);
            }
          } else {
            z.put(i * inner + j, line[0]);
          }
        }
      }
    };
  }
}
