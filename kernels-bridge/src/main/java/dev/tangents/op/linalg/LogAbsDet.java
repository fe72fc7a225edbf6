package dev.tangents.op.linalg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * y = ln |det A|, [B...], where the determinant itself would leave the range of a number; -
 * infinity for a singular matrix. dy = &lt;inv(A)^T, dA&gt;, NaN for a singular matrix.
 */
public record LogAbsDet() implements OfSquare {
  /** ln |det a| of {@code a} [B..., n, n]. */
  public static Value logAbsDet(Value a) {
    return a.builder().apply(new LogAbsDet(), a);
  }

  @Override
  public String name() {
    return "log-abs-det";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    TensorType type = operand(inputs);
    return type.withShape(OfSquare.stack(type.shape()));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Value tangent = tangents.get(0).materialise(site.builder());
    return Tangent.of(OfSquare.inner(transposedInverse(site), tangent));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(OfSquare.times(cotangent, transposedInverse(site))));
  }

  private static Value transposedInverse(Site site) {
    return MatMul.swapLast(Inverse.inverse(site.input(0)));
  }
}
