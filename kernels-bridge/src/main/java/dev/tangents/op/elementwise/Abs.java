package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Value;

/** y = |x|; y' = sign(x), with 0 at the kink. */
public record Abs() implements Unary {
  /** Applies it to {@code x}. */
  public static Value abs(Value x) {
    return x.builder().apply(new Abs(), x);
  }

  @Override
  public String name() {
    return "abs";
  }

  @Override
  public Value derivative(Value x, Value y) {
    Value zero = x.builder().splat(x.shape(), 0);
    return sub(greater(x, zero), greater(zero, x));
  }
}
