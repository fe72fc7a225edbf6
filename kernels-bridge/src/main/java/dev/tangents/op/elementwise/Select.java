package dev.tangents.op.elementwise;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import java.util.List;
import java.util.Optional;

/**
 * y = a where the condition is above 1/2, else b, element by element: truth is 1. What is not
 * chosen may be infinite, as it is in the mask of an attention; a product with 0 would make it NaN.
 * Constant in the condition.
 */
public record Select() implements Primitive {
  /** {@code a} where {@code condition} is above 1/2, else {@code b}; all of one shape. */
  public static Value select(Value condition, Value a, Value b) {
    return a.builder().apply(new Select(), condition, a, b);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    if (inputs.get(1).equals(inputs.get(2))) {
      return Optional.of(inputs.get(1));
    }
    GraphBuilder builder = inputs.get(0).builder();
    return builder.splatOf(inputs.get(0)).map(chosen -> inputs.get(chosen > 0.5 ? 1 : 2));
  }

  @Override
  public String name() {
    return "select";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    boolean fits =
        inputs.size() == 3
            && inputs.get(1).isReal()
            && inputs.stream().allMatch(input -> input.equals(inputs.get(1)));
    if (!fits) {
      throw TangentsException.model(
          "select: expected three real operands of one shape, got %s", inputs);
    }
    return inputs.get(1);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    if (tangents.get(1).isZero() && tangents.get(2).isZero()) {
      return Tangent.zero(site.output().type());
    }
    GraphBuilder builder = site.builder();
    return Tangent.of(
        select(
            site.input(0),
            tangents.get(1).materialise(builder),
            tangents.get(2).materialise(builder)));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Value zero = site.builder().splat(cotangent.shape(), 0);
    return List.of(
        Tangent.zero(site.input(0).type()),
        Tangent.of(select(site.input(0), cotangent, zero)),
        Tangent.of(select(site.input(0), zero, cotangent)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return select(
        Broadcast.lead(inputs.get(0), size),
        Broadcast.lead(inputs.get(1), size),
        Broadcast.lead(inputs.get(2), size));
  }

  @Override
  public boolean elementwise() {
    return true;
  }
}
