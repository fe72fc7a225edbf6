package dev.tangents.op.linalg;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.shape.Broadcast.broadcast;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.reduce.Sum;
import java.util.List;
import java.util.stream.IntStream;

/** A function of square matrices A [B..., n, n], n at least 1, each on its own. */
public interface OfSquare extends Primitive {
  /**
   * The operand's type, checked.
   *
   * @throws TangentsException if it is not one real stack of square matrices
   */
  default TensorType operand(List<TensorType> inputs) {
    TensorType type = inputs.get(0);
    Shape shape = type.shape();
    boolean fits =
        inputs.size() == 1
            && type.isReal()
            && shape.rank() >= 2
            && shape.dim(-1) == shape.dim(-2)
            && shape.dim(-1) > 0;
    if (!fits) {
      throw TangentsException.model(
          "%s: expected one real operand [..., n, n] with n at least 1, got %s", name(), inputs);
    }
    return type;
  }

  /** A leading axis more is only a larger stack. */
  @Override
  default Value batch(List<Mapped> inputs, long size) {
    Value a = inputs.get(0).value();
    return a.builder().apply(this, a);
  }

  /** The operand's shape without the axes of a matrix. */
  static Shape stack(Shape shape) {
    return shape.slice(0, shape.rank() - 2);
  }

  /** Sum of a o b over the axes of a matrix: [B...]. */
  static Value inner(Value a, Value b) {
    int rank = a.shape().rank();
    return Sum.sum(mul(a, b), rank - 2, rank - 1);
  }

  /** Each matrix times its number of {@code numbers} [B...]. */
  static Value times(Value numbers, Value matrices) {
    Shape shape = matrices.shape();
    List<Integer> lead = IntStream.range(0, shape.rank() - 2).boxed().toList();
    return mul(broadcast(numbers, shape, lead), matrices);
  }
}
