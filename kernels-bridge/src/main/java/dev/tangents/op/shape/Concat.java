package dev.tangents.op.shape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Joins operands one after the other along an axis; the other extents are equal.
 *
 * @param axis the axis to join along, counted from 0
 */
public record Concat(int axis) implements Primitive {
  /** Joins {@code parts}, at least one; a negative axis counts from the end. */
  public static Value concat(List<Value> parts, int axis) {
    Value first = parts.get(0);
    Concat concat = new Concat(first.shape().normalise(axis));
    return first.builder().apply(concat, parts.toArray(new Value[0]));
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    List<Value> full = inputs.stream().filter(part -> part.shape().dim(axis) > 0).toList();
    if (full.size() <= 1) {
      return Optional.of(full.isEmpty() ? inputs.get(0) : full.get(0));
    }
    return full.size() < inputs.size() ? Optional.of(concat(full, axis)) : Optional.empty();
  }

  @Override
  public String name() {
    return "concat";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    TensorType first = inputs.get(0);
    if (axis < 0) {
      throw TangentsException.model("concat: axis %d is negative; count it from 0", axis);
    }
    long extent = 0;
    for (TensorType input : inputs) {
      if (!input
          .withShape(input.shape().with(axis, 0))
          .equals(first.withShape(first.shape().with(axis, 0)))) {
        throw TangentsException.model(
            "concat: operands may differ only along axis %d, got %s", axis, inputs);
      }
      extent += input.shape().dim(axis);
    }
    return first.withShape(first.shape().with(axis, extent));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(
        concat(tangents.stream().map(t -> t.materialise(site.builder())).toList(), axis));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    List<Tangent> parts = new ArrayList<>();
    long start = 0;
    for (Value input : site.inputs()) {
      long end = start + input.shape().dim(axis);
      parts.add(Tangent.of(Slice.slice(cotangent, axis, start, end)));
      start = end;
    }
    return parts;
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return concat(inputs.stream().map(x -> Broadcast.lead(x, size)).toList(), axis + 1);
  }
}
