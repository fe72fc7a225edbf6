package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Softplus.softplus;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Site;
import dev.tangents.ir.Value;
import java.util.Optional;

/** y = 1/(1 + e^-x), without overflow for any x; y' = y (1 - y). */
public record Sigmoid() implements Unary {
  /** Applies it to {@code x}. */
  public static Value sigmoid(Value x) {
    return x.builder().apply(new Sigmoid(), x);
  }

  @Override
  public String name() {
    return "sigmoid";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return mul(y, sub(x.builder().splat(x.shape(), 1), y));
  }

  /** ln y' = - softplus(x) - softplus(-x), finite where y' rounds to 0. */
  @Override
  public Optional<LogDeterminant> determinant(Site site, int operand) {
    Value x = site.input(0);
    return Optional.of(Diagonal.positive(neg(add(softplus(x), softplus(neg(x))))));
  }
}
