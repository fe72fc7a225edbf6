package dev.tangents.op.elementwise;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * y = the whole number nearest to x, of two the even one, as a real: also of an integer operand,
 * which so comes into arithmetic. Its derivative is zero everywhere.
 */
public record Round() implements Unary {
  /** Applies it to {@code x}, real or integer. */
  public static Value round(Value x) {
    return x.builder().apply(new Round(), x);
  }

  @Override
  public String name() {
    return "round";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    if (inputs.size() != 1) {
      throw TangentsException.model("round: expected one operand, got %s", inputs);
    }
    return TensorType.real(inputs.get(0).shape());
  }

  @Override
  public Value derivative(Value x, Value y) {
    return y.builder().splat(y.shape(), 0);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.zero(site.output().type());
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.zero(site.input(0).type()));
  }

  /** No determinant: rounding has no inverse. */
  @Override
  public Optional<LogDeterminant> determinant(Site site, int operand) {
    return Optional.empty();
  }
}
