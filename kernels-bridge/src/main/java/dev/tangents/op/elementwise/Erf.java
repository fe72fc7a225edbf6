package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Exp.exp;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Neg.neg;

import dev.tangents.ir.Value;

/** y = erf(x) = 2/sqrt(pi) * integral of e^(-t t) from 0 to x; y' = 2/sqrt(pi) e^(-x x). */
public record Erf() implements Unary {
  /** Applies it to {@code x}. */
  public static Value erf(Value x) {
    return x.builder().apply(new Erf(), x);
  }

  @Override
  public String name() {
    return "erf";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return scale(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI));
  }
}
