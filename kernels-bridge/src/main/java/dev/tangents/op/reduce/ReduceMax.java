package dev.tangents.op.reduce;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Neg.neg;

import dev.tangents.ir.Mapped;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * The largest element along an axis, which disappears; where several tie, the first takes the
 * derivative.
 *
 * @param axis the axis to fold away
 */
public record ReduceMax(int axis) implements AlongAxis {
  /** The largest element of {@code x} along {@code axis}. */
  public static Value reduceMax(Value x, int axis) {
    return x.builder().apply(new ReduceMax(x.shape().normalise(axis)), x);
  }

  /** The smallest element of {@code x} along {@code axis}. */
  public static Value reduceMin(Value x, int axis) {
    return neg(reduceMax(neg(x), axis));
  }

  @Override
  public String name() {
    return "reduce-max";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    TensorType input = operand(inputs);
    return input.withShape(input.shape().remove(axis));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Value mask = FirstMax.firstMax(site.input(0), axis);
    return Tangent.of(Sum.sum(mul(mask, tangents.get(0).materialise(site.builder())), axis));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Value mask = FirstMax.firstMax(site.input(0), axis);
    return List.of(Tangent.of(mul(mask, spread(cotangent, mask.shape()))));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return reduceMax(inputs.get(0).value(), axis + 1);
  }
}
