package dev.tangents.op.linalg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/** A number y of each square matrix, [B...] of [B..., n, n]. States its gradient alone. */
public interface NumberOfSquare extends OfSquare {
  /** dy/dA, [B..., n, n], or a zero if y does not depend on A. */
  Tangent gradient(Site site);

  @Override
  default TensorType resultType(List<TensorType> inputs) {
    TensorType type = operand(inputs);
    return type.withShape(OfSquare.stack(type.shape()));
  }

  /** dy = &lt;dy/dA, dA&gt;. */
  @Override
  default Tangent jvp(Site site, List<Tangent> tangents) {
    Value tangent = tangents.get(0).materialise(site.builder());
    return gradient(site) instanceof Tangent.Of of
        ? Tangent.of(OfSquare.inner(of.value(), tangent))
        : Tangent.zero(site.output().type());
  }

  /** w dy/dA. */
  @Override
  default List<Tangent> vjp(Site site, Value cotangent) {
    Tangent gradient = gradient(site);
    return List.of(
        gradient instanceof Tangent.Of of
            ? Tangent.of(OfSquare.times(cotangent, of.value()))
            : gradient);
  }
}
