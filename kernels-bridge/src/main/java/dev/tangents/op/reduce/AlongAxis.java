package dev.tangents.op.reduce;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import java.util.List;
import java.util.stream.IntStream;

/** A primitive that works along one axis of one real operand. */
public interface AlongAxis extends Primitive {
  /** The axis, counted from 0. */
  int axis();

  /** Repeats a result without {@link #axis()} back along it, so that it has shape {@code full}. */
  default Value spread(Value reduced, Shape full) {
    List<Integer> kept = IntStream.range(0, full.rank()).filter(i -> i != axis()).boxed().toList();
    return Broadcast.broadcast(reduced, full, kept);
  }

  /** The operand's type, checked to be real, to have the axis, and not to be empty along it. */
  default TensorType operand(List<TensorType> inputs) {
    TensorType input = inputs.get(0);
    if (!input.isReal() || axis() < 0 || axis() >= input.shape().rank()) {
      throw TangentsException.model(
          "%s: expected a real operand with an axis %d, got %s", name(), axis(), input);
    }
    if (input.shape().dim(axis()) == 0) {
      throw TangentsException.model("%s: axis %d of %s is empty", name(), axis(), input);
    }
    return input;
  }
}
