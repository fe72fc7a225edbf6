package dev.tangents.op.linalg;

import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * C_ij = (-1)^(i+j) det(A without row i and column j), the derivative of {@link Det}: det A
 * inv(A)^T where A has an inverse, and finite where it has none. With X = inv(A):
 *
 * <pre>  dC = &lt;C, dA&gt; X^T - X^T dA^T C        vjp: &lt;X, W^T&gt; C - C W^T X^T</pre>
 *
 * <p>These rules need the inverse: second derivatives of a determinant are NaN at singular
 * matrices.
 */
public record Cofactor() implements OfSquare {
  /** The cofactor matrices of {@code a} [B..., n, n]; the adjugates are their transposes. */
  public static Value cofactor(Value a) {
    return a.builder().apply(new Cofactor(), a);
  }

  @Override
  public String name() {
    return "cofactor";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    return operand(inputs);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Value c = site.output();
    Value x = Inverse.inverse(site.input(0));
    Value tangent = tangents.get(0).materialise(site.builder());
    Value scaled = OfSquare.times(OfSquare.inner(c, tangent), MatMul.swapLast(x));
    MatMul transposed = new MatMul(true, false);
    Value inner = site.builder().apply(transposed, tangent, c); // dA^T C
    return Tangent.of(sub(scaled, site.builder().apply(transposed, x, inner)));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Value c = site.output();
    Value x = Inverse.inverse(site.input(0));
    Value scaled = OfSquare.times(OfSquare.inner(MatMul.swapLast(x), cotangent), c);
    Value inner = site.builder().apply(new MatMul(true, true), cotangent, x); // W^T X^T
    return List.of(Tangent.of(sub(scaled, MatMul.matMul(c, inner))));
  }
}
