package dev.tangents.op.linalg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;

/**
 * y = the sign of det A, [B...]: 1, -1, or 0 for a singular matrix, whatever the size of the
 * determinant. Its derivative is zero everywhere.
 */
public record DetSign() implements NumberOfSquare {
  /** The sign of the determinants of {@code a} [B..., n, n]. */
  public static Value detSign(Value a) {
    return a.builder().apply(new DetSign(), a);
  }

  @Override
  public String name() {
    return "det-sign";
  }

  @Override
  public Tangent gradient(Site site) {
    return Tangent.zero(site.input(0).type());
  }
}
