package dev.tangents.op.linalg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;

/**
 * y = ln |det A|, [B...], where the determinant itself would leave the range of a number; -
 * infinity for a singular matrix. dy = &lt;inv(A)^T, dA&gt;, NaN for a singular matrix.
 */
public record LogAbsDet() implements NumberOfSquare {
  /** ln |det a| of {@code a} [B..., n, n]. */
  public static Value logAbsDet(Value a) {
    return a.builder().apply(new LogAbsDet(), a);
  }

  @Override
  public String name() {
    return "log-abs-det";
  }

  @Override
  public Tangent gradient(Site site) {
    return Tangent.of(MatMul.swapLast(Inverse.inverse(site.input(0))));
  }
}
