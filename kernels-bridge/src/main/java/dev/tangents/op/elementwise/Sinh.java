package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;

import dev.tangents.ir.Value;

/** y = sinh x; y' = cosh x. */
public record Sinh() implements Unary {
  /** Applies it to {@code x}. */
  public static Value sinh(Value x) {
    return x.builder().apply(new Sinh(), x);
  }

  /**
   * cosh x = 1 + 2 sinh(x/2)^2. Half the sum of e^x and e^-x is the same number, but its
   * derivative, half their difference, cancels near 0.
   */
  public static Value cosh(Value x) {
    Value half = sinh(scale(x, 0.5));
    return shift(scale(mul(half, half), 2), 1);
  }

  @Override
  public String name() {
    return "sinh";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return cosh(x);
  }
}
