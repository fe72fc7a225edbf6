package dev.tangents.op.elementwise;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/** y = -x. Linear: its derivative rules apply it to the tangent. */
public record Neg() implements Unary {
  /** Applies it to {@code x}. */
  public static Value neg(Value x) {
    return x.builder().apply(new Neg(), x);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    return inputs.get(0).builder().operandOf(inputs.get(0), Neg.class);
  }

  @Override
  public String name() {
    return "neg";
  }

  @Override
  public Value derivative(Value x, Value y) {
    return x.builder().splat(x.shape(), -1);
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(neg(tangents.get(0).materialise(site.builder())));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(neg(cotangent)));
  }
}
