package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Value;

/** y = tanh x; y' = 1 - y y. */
public record Tanh() implements Unary {
  /** Applies it to {@code x}. */
  public static Value tanh(Value x) {
    return x.builder().apply(new Tanh(), x);
  }

  @Override
  public String name() {
    return "tanh";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return sub(x.builder().splat(x.shape(), 1), mul(y, y));
  }
}
