package dev.tangents.op.linalg;

import static dev.tangents.op.elementwise.Neg.neg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * X = inv(A); dX = - X dA X. The inverse of a matrix that is singular to the last bit is NaN in
 * every element, so that whatever needed it says so.
 */
public record Inverse() implements OfSquare {
  /** The inverses of {@code a} [B..., n, n]. */
  public static Value inverse(Value a) {
    return a.builder().apply(new Inverse(), a);
  }

  @Override
  public String name() {
    return "inverse";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    return operand(inputs);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Value x = site.output();
    Value tangent = tangents.get(0).materialise(site.builder());
    return Tangent.of(neg(MatMul.matMul(MatMul.matMul(x, tangent), x)));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Value x = site.output();
    Value inner = MatMul.matMulTransposed(cotangent, x); // W X^T
    return List.of(Tangent.of(neg(site.builder().apply(new MatMul(true, false), x, inner))));
  }
}
