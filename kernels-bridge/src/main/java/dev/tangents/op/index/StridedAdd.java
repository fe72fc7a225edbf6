package dev.tangents.op.index;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Adds each element to the place that a window shows it at, in a tensor of zeros (col2im). Where no
 * two elements share a place this is padding with zeros, or dilation. Linear; the transpose of
 * {@link StridedView}.
 *
 * @param strides the window; its tensor is the result
 */
public record StridedAdd(Strides strides) implements Primitive {
  /** Adds {@code x}, of the window's shape, into zeros of its tensor's shape. */
  public static Value add(Value x, Strides strides) {
    return x.builder().apply(new StridedAdd(strides), x);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value x = inputs.get(0);
    return x.builder().isSplat(x, 0)
        ? Optional.of(x.builder().splat(strides.shape(), 0))
        : Optional.empty();
  }

  @Override
  public String name() {
    return "strided-add";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    if (!inputs.get(0).isReal() || !inputs.get(0).shape().equals(strides.view())) {
      throw TangentsException.model(
          "strided-add: the window shows %s, the operand is %s", strides.view(), inputs.get(0));
    }
    return inputs.get(0).withShape(strides.shape());
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(add(tangents.get(0).materialise(site.builder()), strides));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(StridedView.view(cotangent, strides)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return add(inputs.get(0).value(), strides.batched(size));
  }
}
