package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Softplus.softplus;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Site;
import dev.tangents.ir.Value;
import java.util.Optional;

/** y = tanh x; y' = 1 - y y. */
public record Tanh() implements Unary {
  /** Applies it to {@code x}. */
  public static Value tanh(Value x) {
    return x.builder().apply(new Tanh(), x);
  }

  @Override
  public String name() {
    return "tanh";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return sub(x.builder().splat(x.shape(), 1), mul(y, y));
  }

  /** ln y' = 2 (ln 2 - x - softplus(-2 x)), finite where y rounds to 1 and y' to 0. */
  @Override
  public Optional<LogDeterminant> determinant(Site site, int operand) {
    Value x = site.input(0);
    Value fall = sub(neg(x), softplus(scale(x, -2)));
    return Optional.of(Diagonal.positive(scale(shift(fall, Math.log(2)), 2)));
  }
}
