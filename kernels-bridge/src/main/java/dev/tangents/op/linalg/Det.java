package dev.tangents.op.linalg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;

/**
 * y = det A, [B...]. d det = &lt;C, dA&gt; with C the {@link Cofactor} matrix, which singular
 * matrices have too (Jacobi's formula).
 */
public record Det() implements NumberOfSquare {
  /** The determinants of {@code a} [B..., n, n]. */
  public static Value det(Value a) {
    return a.builder().apply(new Det(), a);
  }

  @Override
  public String name() {
    return "det";
  }

  @Override
  public Tangent gradient(Site site) {
    return Tangent.of(Cofactor.cofactor(site.input(0)));
  }
}
