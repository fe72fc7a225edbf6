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
 * The elements that a window shows: slices with steps, mirrored axes, and the overlapping patches
 * of a convolution (im2col). Linear; its transpose is {@link StridedAdd}.
 *
 * @param strides the window; its tensor is the operand
 */
public record StridedView(Strides strides) implements Primitive {
  /** What the window {@code strides} shows of {@code x}. */
  public static Value view(Value x, Strides strides) {
    return x.builder().apply(new StridedView(strides), x);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value x = inputs.get(0);
    return x.builder().splatAs(x.type().withShape(strides.view()), x);
  }

  @Override
  public String name() {
    return "strided-view";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    if (!inputs.get(0).shape().equals(strides.shape())) {
      throw TangentsException.model(
          "strided-view: the window is onto %s, the operand is %s", strides.shape(), inputs.get(0));
    }
    return inputs.get(0).withShape(strides.view());
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(view(tangents.get(0).materialise(site.builder()), strides));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(StridedAdd.add(cotangent, strides)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return view(inputs.get(0).value(), strides.batched(size));
  }
}
