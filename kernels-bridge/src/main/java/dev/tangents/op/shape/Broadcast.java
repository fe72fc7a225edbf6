package dev.tangents.op.shape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.reduce.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Repeats the operand along new axes. Axis i of the operand becomes axis {@code axes[i]} of the
 * target and keeps its extent; every other axis of the target is new.
 *
 * @param target shape of the result
 * @param axes where the operand's axes stand in it, increasing
 */
public record Broadcast(Shape target, List<Integer> axes) implements Primitive {
  /** Copies the list. */
  public Broadcast {
    axes = List.copyOf(axes);
  }

  /** Repeats {@code x} to shape {@code target}. */
  public static Value broadcast(Value x, Shape target, List<Integer> axes) {
    return x.builder().apply(new Broadcast(target, axes), x);
  }

  /** Repeats {@code x} along new leading axes so that it has shape {@code target}. */
  public static Value leading(Value x, Shape target) {
    int offset = target.rank() - x.shape().rank();
    return broadcast(x, target, IntStream.range(offset, target.rank()).boxed().toList());
  }

  /** The value with a batch axis of {@code size} in front, repeated if it is shared. */
  public static Value lead(Mapped x, long size) {
    return x.mapped() ? x.value() : leading(x.value(), x.value().shape().insert(0, size));
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value x = inputs.get(0);
    Optional<Value> splat = x.builder().splatAs(x.type().withShape(target), x);
    return splat.isEmpty() && target.size() == x.shape().size()
        ? Optional.of(Reshape.reshape(x, target))
        : splat;
  }

  @Override
  public String name() {
    return "broadcast";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    Shape shape = inputs.get(0).shape();
    boolean fits = axes.size() == shape.rank();
    for (int i = 0; fits && i < axes.size(); i++) {
      int axis = axes.get(i);
      fits =
          axis >= 0
              && axis < target.rank()
              && target.dim(axis) == shape.dim(i)
              && (i == 0 || axes.get(i - 1) < axis);
    }
    if (!fits) {
      throw TangentsException.model(
          "broadcast: %s does not fit %s with its axes at %s; extents must be equal there",
          shape, target, axes);
    }
    return inputs.get(0).withShape(target);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(broadcast(tangents.get(0).materialise(site.builder()), target, axes));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    List<Integer> added =
        IntStream.range(0, target.rank()).filter(axis -> !axes.contains(axis)).boxed().toList();
    return List.of(Tangent.of(Sum.sum(cotangent, added)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    List<Integer> shifted = new ArrayList<>(List.of(0));
    axes.forEach(axis -> shifted.add(axis + 1));
    return broadcast(inputs.get(0).value(), target.insert(0, size), shifted);
  }
}
