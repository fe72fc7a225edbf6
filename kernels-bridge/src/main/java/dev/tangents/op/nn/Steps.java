package dev.tangents.op.nn;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Round.round;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Value;

/**
 * Functions that are constant between their steps, as compositions of primitives. Their derivative
 * is zero, at a step too, as PyTorch and JAX have it.
 */
public final class Steps {
  private Steps() {}

  /** 1 where x is positive, -1 where it is negative, else 0. */
  public static Value sign(Value x) {
    Value zero = x.builder().splat(x.shape(), 0);
    return sub(greater(x, zero), greater(zero, x));
  }

  /** The largest whole number that is not above x. */
  public static Value floor(Value x) {
    Value nearest = round(x);
    return sub(nearest, greater(nearest, x));
  }

  /** The smallest whole number that is not below x. */
  public static Value ceil(Value x) {
    Value nearest = round(x);
    return add(nearest, greater(x, nearest));
  }
}
