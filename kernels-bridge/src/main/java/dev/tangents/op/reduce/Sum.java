package dev.tangents.op.reduce;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sums over axes, which disappear.
 *
 * @param axes the axes to sum over, increasing, without repeats
 */
public record Sum(List<Integer> axes) implements Primitive {
  /** Copies the list. */
  public Sum {
    axes = List.copyOf(axes);
  }

  /** Sums {@code x} over {@code axes}. */
  public static Value sum(Value x, List<Integer> axes) {
    return x.builder().apply(new Sum(axes), x);
  }

  /** Sums {@code x} over the given axes. */
  public static Value sum(Value x, int... axes) {
    return sum(x, IntStream.of(axes).boxed().toList());
  }

  /** The mean of {@code x} over the given axes. */
  public static Value mean(Value x, int... axes) {
    long count = IntStream.of(axes).mapToLong(x.shape()::dim).reduce(1, Math::multiplyExact);
    return Mul.scale(sum(x, axes), 1.0 / count);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value x = inputs.get(0);
    TensorType type = resultType(List.of(x.type()));
    long count = axes.stream().mapToLong(x.shape()::dim).reduce(1, Math::multiplyExact);
    Optional<Value> splat =
        x.builder().splatOf(x).map(c -> x.builder().constant(Literal.splat(type, c * count)));
    return splat.isEmpty() && count == 1 ? Optional.of(Reshape.reshape(x, type.shape())) : splat;
  }

  @Override
  public String name() {
    return "sum";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    Shape shape = inputs.get(0).shape();
    for (int i = axes.size() - 1; i >= 0; i--) {
      if (axes.get(i) < 0 || (i > 0 && axes.get(i - 1) >= axes.get(i))) {
        throw TangentsException.model("sum: axes %s must be increasing and not negative", axes);
      }
      shape = shape.remove(axes.get(i));
    }
    return inputs.get(0).withShape(shape);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(sum(tangents.get(0).materialise(site.builder()), axes));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Shape shape = site.input(0).shape();
    List<Integer> kept =
        IntStream.range(0, shape.rank()).filter(axis -> !axes.contains(axis)).boxed().toList();
    return List.of(Tangent.of(Broadcast.broadcast(cotangent, shape, kept)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return sum(inputs.get(0).value(), axes.stream().map(axis -> axis + 1).toList());
  }
}
