package dev.tangents.op.reduce;

import static dev.tangents.op.elementwise.Exp.exp;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Mapped;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * y = ln sum_i e^(x_i) along an axis, which disappears; computed as m + ln sum e^(x - m) with m =
 * max x, so that it never overflows. dy/dx_i = e^(x_i - y), the softmax.
 *
 * <p>Where every x_i is - infinity (all masked), y is - infinity too, and its derivative NaN: no
 * distribution is the limit. Where one is + infinity, so is y.
 *
 * @param axis the axis to fold away
 */
public record LogSumExp(int axis) implements AlongAxis {
  /** Applies it to {@code x}; a negative axis counts from the end. */
  public static Value logSumExp(Value x, int axis) {
    return x.builder().apply(new LogSumExp(x.shape().normalise(axis)), x);
  }

  @Override
  public String name() {
    return "logsumexp";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    TensorType input = operand(inputs);
    return input.withShape(input.shape().remove(axis));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(
        Sum.sum(mul(softmax(site), tangents.get(0).materialise(site.builder())), axis));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(mul(softmax(site), spread(cotangent, site.input(0).shape()))));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return logSumExp(inputs.get(0).value(), axis + 1);
  }

  private Value softmax(Site site) {
    Value x = site.input(0);
    return exp(sub(x, spread(site.output(), x.shape())));
  }
}
