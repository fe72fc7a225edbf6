package dev.tangents.op.reduce;

import dev.tangents.ir.Mapped;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * 1 at the first largest element along an axis, 0 elsewhere: the mask of {@link ReduceMax}. Its
 * derivative is zero everywhere.
 *
 * @param axis the axis to search along; it stays
 */
public record FirstMax(int axis) implements AlongAxis {
  /** The mask of {@code x} along {@code axis}. */
  public static Value firstMax(Value x, int axis) {
    return x.builder().apply(new FirstMax(x.shape().normalise(axis)), x);
  }

  @Override
  public String name() {
    return "first-max";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    return operand(inputs);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.zero(site.output().type());
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.zero(site.input(0).type()));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return firstMax(inputs.get(0).value(), axis + 1);
  }
}
