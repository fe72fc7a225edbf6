package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Div.div;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sqrt.sqrt;

import dev.tangents.ir.Value;

/** y = arsinh x, the inverse of sinh: ln(x + sqrt(1 + x x)); y' = 1/sqrt(1 + x x). */
public record Asinh() implements Unary {
  /** Applies it to {@code x}. */
  public static Value asinh(Value x) {
    return x.builder().apply(new Asinh(), x);
  }

  @Override
  public String name() {
    return "asinh";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return div(x.builder().splat(x.shape(), 1), sqrt(shift(mul(x, x), 1)));
  }
}
