package dev.tangents.op.linalg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * y = the sign of det A, [B...]: 1, -1, or 0 for a singular matrix, whatever the size of the
 * determinant. Its derivative is zero everywhere.
 */
public record DetSign() implements OfSquare {
  /** The sign of the determinants of {@code a} [B..., n, n]. */
  public static Value detSign(Value a) {
    return a.builder().apply(new DetSign(), a);
  }

  @Override
  public String name() {
    return "det-sign";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    TensorType type = operand(inputs);
    return type.withShape(OfSquare.stack(type.shape()));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.zero(site.output().type());
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.zero(site.input(0).type()));
  }
}
