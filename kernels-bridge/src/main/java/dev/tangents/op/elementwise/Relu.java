package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Greater.greater;

import dev.tangents.ir.Value;

/** y = max(x, 0); y' = 1 where x &gt; 0, else 0: the derivative at the kink is 0. */
public record Relu() implements Unary {
  /** Applies it to {@code x}. */
  public static Value relu(Value x) {
    return x.builder().apply(new Relu(), x);
  }

  @Override
  public String name() {
    return "relu";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return greater(x, x.builder().splat(x.shape(), 0));
  }
}
