package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Div.div;

import dev.tangents.ir.Value;

/** y = ln x, for x &gt; 0; y' = 1/x. */
public record Log() implements Unary {
  /** Applies it to {@code x}. */
  public static Value log(Value x) {
    return x.builder().apply(new Log(), x);
  }

  @Override
  public String name() {
    return "log";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return div(x.builder().splat(x.shape(), 1), x);
  }
}
