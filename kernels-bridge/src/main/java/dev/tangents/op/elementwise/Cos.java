package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Sin.sin;

import dev.tangents.ir.Value;

/** y = cos x, x in radians; y' = -sin x. */
public record Cos() implements Unary {
  /** Applies it to {@code x}. */
  public static Value cos(Value x) {
    return x.builder().apply(new Cos(), x);
  }

  @Override
  public String name() {
    return "cos";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return neg(sin(x));
  }
}
