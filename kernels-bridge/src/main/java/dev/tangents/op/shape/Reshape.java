package dev.tangents.op.shape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.LogDeterminant;
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
 * The same elements in row-major order, under another shape of the same size.
 *
 * @param target the new shape
 */
public record Reshape(Shape target) implements Primitive {
  /** {@code x} in shape {@code target}; no operation if it has that shape already. */
  public static Value reshape(Value x, Shape target) {
    return x.builder().apply(new Reshape(target), x);
  }

  /** {@code x} with the given extents. */
  public static Value reshape(Value x, long... dims) {
    return reshape(x, Shape.of(dims));
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value x = inputs.get(0);
    if (x.shape().equals(target)) {
      return Optional.of(x);
    }
    return x.builder()
        .literal(x)
        .map(literal -> x.builder().constant(literal.reshape(target)))
        .or(() -> x.builder().operandOf(x, Reshape.class).map(inner -> reshape(inner, target)));
  }

  @Override
  public String name() {
    return "reshape";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    TensorType input = inputs.get(0);
    if (input.shape().size() != target.size()) {
      throw TangentsException.model(
          "reshape: %s has %d elements, %s has %d; they must be equal",
          input.shape(), input.shape().size(), target, target.size());
    }
    return input.withShape(target);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(reshape(tangents.get(0).materialise(site.builder()), target));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(reshape(cotangent, site.input(0).shape())));
  }

  /** 1: the elements stay in order. */
  @Override
  public Optional<LogDeterminant> determinant(Site site, int operand) {
    GraphBuilder builder = site.builder();
    return Optional.of(
        new LogDeterminant(builder.splat(Shape.scalar(), 1), builder.splat(Shape.scalar(), 0)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return reshape(inputs.get(0).value(), target.insert(0, size));
  }
}
