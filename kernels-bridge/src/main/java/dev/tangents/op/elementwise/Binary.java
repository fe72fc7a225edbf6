package dev.tangents.op.elementwise;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import java.util.List;

/** A real function of two numbers, applied to each pair of elements of two equal shapes. */
public interface Binary extends Primitive {
  @Override
  default TensorType resultType(List<TensorType> inputs) {
    if (inputs.size() != 2 || !inputs.get(0).isReal() || !inputs.get(0).equals(inputs.get(1))) {
      throw TangentsException.model(
          "%s: expected two real operands of one shape, got %s. Broadcast the smaller one first",
          name(), inputs);
    }
    return inputs.get(0);
  }

  @Override
  default Value batch(List<Mapped> inputs, long size) {
    Value a = Broadcast.lead(inputs.get(0), size);
    Value b = Broadcast.lead(inputs.get(1), size);
    return a.builder().apply(this, a, b);
  }

  @Override
  default boolean elementwise() {
    return true;
  }
}
