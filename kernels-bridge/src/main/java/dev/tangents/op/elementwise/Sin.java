package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Cos.cos;

import dev.tangents.ir.Value;

/** y = sin x, x in radians; y' = cos x. */
public record Sin() implements Unary {
  /** Applies it to {@code x}. */
  public static Value sin(Value x) {
    return x.builder().apply(new Sin(), x);
  }

  @Override
  public String name() {
    return "sin";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return cos(x);
  }
}
