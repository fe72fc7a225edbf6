package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Mul.mul;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * A real function of one number, applied to each element: y_i = f(x_i). States f' alone; since the
 * Jacobian is diagonal, pushing forward and pulling back are the same product.
 */
public interface Unary extends Primitive {
  /** f'(x) as a graph, given x and y = f(x). Same shape as x. */
  Value derivative(Value x, Value y);

  @Override
  default TensorType resultType(List<TensorType> inputs) {
    if (inputs.size() != 1 || !inputs.get(0).isReal()) {
      throw TangentsException.model("%s: expected one real operand, got %s", name(), inputs);
    }
    return inputs.get(0);
  }

  @Override
  default Tangent jvp(Site site, List<Tangent> tangents) {
    Value tangent = tangents.get(0).materialise(site.builder());
    return Tangent.of(mul(derivative(site.input(0), site.output()), tangent));
  }

  @Override
  default List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(mul(derivative(site.input(0), site.output()), cotangent)));
  }

  @Override
  default Value batch(List<Mapped> inputs, long size) {
    Value x = inputs.get(0).value();
    return x.builder().apply(this, x);
  }

  /**
   * The determinant of the diagonal f'(x); a function overrides it where f'(x) underflows and ln f'
   * does not.
   */
  @Override
  default Optional<LogDeterminant> determinant(Site site, int operand) {
    return Optional.of(Diagonal.determinant(derivative(site.input(0), site.output())));
  }

  @Override
  default boolean elementwise() {
    return true;
  }
}
