package dev.tangents.op.elementwise;

import dev.tangents.ir.Value;

/** y = e^x; y' = y. */
public record Exp() implements Unary {
  /** Applies it to {@code x}. */
  public static Value exp(Value x) {
    return x.builder().apply(new Exp(), x);
  }

  @Override
  public String name() {
    return "exp";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return y;
  }
}
