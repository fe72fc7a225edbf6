package dev.tangents.op.linalg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * y = det A, [B...]. d det = &lt;C, dA&gt; with C the {@link Cofactor} matrix, which singular
 * matrices have too (Jacobi's formula).
 */
public record Det() implements OfSquare {
  /** The determinants of {@code a} [B..., n, n]. */
  public static Value det(Value a) {
    return a.builder().apply(new Det(), a);
  }

  @Override
  public String name() {
    return "det";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    TensorType type = operand(inputs);
    return type.withShape(OfSquare.stack(type.shape()));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Value cofactors = Cofactor.cofactor(site.input(0));
    return Tangent.of(OfSquare.inner(cofactors, tangents.get(0).materialise(site.builder())));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(OfSquare.times(cotangent, Cofactor.cofactor(site.input(0)))));
  }
}
