package dev.tangents.exec.nd4j;

import dev.tangents.ir.Primitive;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;
import java.util.List;

/**
 * Functions of square matrices, in double at either precision. Small ones in Java: they are many,
 * and a library call for each would take longer than its arithmetic.
 */
final class SquareLowerings {
  private SquareLowerings() {}

  /** The lowerings of this family. */
  static List<Lowering<?>> all() {
    return List.of(
        lowering(Cofactor.class, SquareFactors::cofactors),
        lowering(Det.class, (a, y) -> y[0] = a.determinant()),
        lowering(DetSign.class, (a, y) -> y[0] = a.sign()),
        lowering(Inverse.class, SquareFactors::inverse),
        lowering(LogAbsDet.class, (a, y) -> y[0] = a.logarithm()));
  }

  /** Reads the result for one matrix off its factors. */
  @FunctionalInterface
  private interface Result {
    void of(SquareFactors factors, double[] y);
  }

  private static <P extends Primitive> Lowering<P> lowering(Class<P> type, Result result) {
    return new Lowering<>(type, false, false, (primitive, call) -> step(call, result));
  }

  private static Step step(Call call, Result result) {
    Operand operand = call.operand(0);
    int n = (int) operand.shape().dim(-1);
    int stack = operand.shape().intSize() / (n * n);
    int width = call.size() / stack;
    SquareFactors factors = SquareFactors.of(n, call.scratch());
    double[] y = new double[width];
    return frame -> {
      NativeBuffer a = frame.at(operand.slot());
      NativeBuffer z = frame.at(call.slot());
      for (int k = 0; k < stack; k++) {
        for (int i = 0; i < n * n; i++) {
          factors.matrix()[i] = a.at(k * n * n + i);
        }
        factors.factor();
        result.of(factors, y);
        for (int i = 0; i < width; i++) {
          z.put(k * width + i, y[i]);
        }
      }
    };
  }
}
