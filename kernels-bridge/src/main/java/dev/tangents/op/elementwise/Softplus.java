package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Sigmoid.sigmoid;

import dev.tangents.ir.Value;

/**
 * y = ln(1 + e^x), computed as max(x, 0) + ln(1 + e^-|x|) so that it never overflows; y' =
 * sigmoid(x).
 */
public record Softplus() implements Unary {
  /** Applies it to {@code x}. */
  public static Value softplus(Value x) {
    return x.builder().apply(new Softplus(), x);
  }

  @Override
  public String name() {
    return "softplus";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return sigmoid(x);
  }
}
