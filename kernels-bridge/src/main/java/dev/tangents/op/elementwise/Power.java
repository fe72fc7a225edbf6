package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Mul.scale;

import dev.tangents.ir.Value;

/**
 * y = x^p for a fixed exponent p; y' = p x^(p-1). Keeps integer powers exact for negative x and at
 * 0, where the general {@link Pow} would pass through a logarithm.
 *
 * @param exponent p
 */
public record Power(double exponent) implements Unary {
  /** x to the {@code exponent}; exponents 0 and 1 leave no operation. */
  public static Value power(Value x, double exponent) {
    if (exponent == 0) {
      return x.builder().splat(x.shape(), 1);
    }
    return exponent == 1 ? x : x.builder().apply(new Power(exponent), x);
  }

  @Override
  public String name() {
    return "power";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return scale(power(x, exponent - 1), exponent);
  }
}
