package dev.tangents.op.shape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * The elements {@code start} (inclusive) to {@code end} (exclusive) along an axis.
 *
 * @param axis the axis to cut, counted from 0
 * @param start first index kept
 * @param end first index after those kept
 */
public record Slice(int axis, long start, long end) implements Primitive {
  /** Cuts {@code x}; a negative axis counts from the end. */
  public static Value slice(Value x, int axis, long start, long end) {
    return x.builder().apply(new Slice(x.shape().normalise(axis), start, end), x);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value x = inputs.get(0);
    if (end - start == x.shape().dim(axis)) {
      return Optional.of(x);
    }
    return x.builder().splatAs(resultType(List.of(x.type())), x);
  }

  @Override
  public String name() {
    return "slice";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    Shape shape = inputs.get(0).shape();
    if (axis < 0 || axis >= shape.rank()) {
      throw TangentsException.model("slice: %s has no axis %d, counted from 0", shape, axis);
    }
    if (start < 0 || end < start || end > shape.dim(axis)) {
      throw TangentsException.model(
          "slice: [%d, %d) is not a range of axis %d of %s", start, end, axis, shape);
    }
    return inputs.get(0).withShape(shape.with(axis, end - start));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(slice(tangents.get(0).materialise(site.builder()), axis, start, end));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Shape shape = site.input(0).shape();
    Value before = site.builder().splat(shape.with(axis, start), 0);
    Value after = site.builder().splat(shape.with(axis, shape.dim(axis) - end), 0);
    return List.of(Tangent.of(Concat.concat(List.of(before, cotangent, after), axis)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return slice(inputs.get(0).value(), axis + 1, start, end);
  }
}
