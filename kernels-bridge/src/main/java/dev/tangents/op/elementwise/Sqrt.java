package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Div.div;

import dev.tangents.ir.Value;

/** y = sqrt(x), for x &gt;= 0; y' = 1/(2 y), infinite at 0. */
public record Sqrt() implements Unary {
  /** Applies it to {@code x}. */
  public static Value sqrt(Value x) {
    return x.builder().apply(new Sqrt(), x);
  }

  @Override
  public String name() {
    return "sqrt";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return div(x.builder().splat(x.shape(), 0.5), y);
  }
}
