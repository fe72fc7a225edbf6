package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Exp.exp;
import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Value;

/**
 * y = x where x &gt; 0, else alpha (e^x - 1) (Clevert et al. 2016); y' = 1 where x &gt; 0, else
 * alpha e^x.
 *
 * @param alpha depth of the negative side
 */
public record Elu(double alpha) implements Unary {
  /** Applies it to {@code x}. */
  public static Value elu(Value x, double alpha) {
    return x.builder().apply(new Elu(alpha), x);
  }

  @Override
  public String name() {
    return "elu";
  }

  @Override
  public Value derivative(Value x, Value y) {
    Value positive = greater(x, x.builder().splat(x.shape(), 0));
    Value negative = sub(x.builder().splat(x.shape(), 1), positive);
    // e^min(x, 0), not e^x: the unused branch must not overflow into infinity times zero.
    Value slope = scale(exp(neg(relu(neg(x)))), alpha);
    return add(positive, mul(negative, slope));
  }
}
