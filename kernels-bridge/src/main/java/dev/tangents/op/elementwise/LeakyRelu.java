package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Mul.scale;

import dev.tangents.ir.Value;

/**
 * y = x where x &gt; 0, else alpha x; y' = 1 where x &gt; 0, else alpha, at the kink too.
 *
 * @param alpha slope on the negative side
 */
public record LeakyRelu(double alpha) implements Unary {
  /** Applies it to {@code x}. */
  public static Value leakyRelu(Value x, double alpha) {
    return x.builder().apply(new LeakyRelu(alpha), x);
  }

  @Override
  public String name() {
    return "leaky-relu";
  }

  @Override
  public Value derivative(Value x, Value y) {
    Value positive = greater(x, x.builder().splat(x.shape(), 0));
    return shift(scale(positive, 1 - alpha), alpha);
  }
}
