package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Value;

/** The diagonal Jacobian of a map that takes each element by itself. */
public final class Diagonal {
  private Diagonal() {}

  /** The determinant of such a Jacobian, from the slopes on its diagonal. */
  public static LogDeterminant determinant(Value slopes) {
    Value zero = slopes.builder().splat(slopes.shape(), 0);
    Value sign = sub(greater(slopes, zero), greater(zero, slopes));
    return new LogDeterminant(sign, Log.log(Abs.abs(slopes)));
  }

  /** The determinant of slopes that are above 0, given their logarithms. */
  static LogDeterminant positive(Value logs) {
    return new LogDeterminant(logs.builder().splat(logs.shape(), 1), logs);
  }
}
