package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Div.div;
import static dev.tangents.op.elementwise.Mul.mul;

import dev.tangents.ir.Value;

/** y = arctan x, in radians, between -pi/2 and pi/2; y' = 1/(1 + x x). */
public record Atan() implements Unary {
  /** Applies it to {@code x}. */
  public static Value atan(Value x) {
    return x.builder().apply(new Atan(), x);
  }

  @Override
  public String name() {
    return "atan";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return div(x.builder().splat(x.shape(), 1), shift(mul(x, x), 1));
  }
}
