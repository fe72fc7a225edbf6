package dev.tangents.op.elementwise;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/** y = a b, element by element (the Hadamard product). */
public record Mul() implements Binary {
  /** Applies it to {@code a} and {@code b}, of one shape. */
  public static Value mul(Value a, Value b) {
    return a.builder().apply(new Mul(), a, b);
  }

  /** c x for a fixed number c. */
  public static Value scale(Value x, double c) {
    return mul(x, x.builder().splat(x.shape(), c));
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    for (int i = 0; i < 2; i++) {
      Value factor = inputs.get(i);
      if (factor.builder().isSplat(factor, 1)) {
        return Optional.of(inputs.get(1 - i));
      }
      // Zero here is the symbol of "does not depend", so it wins over an infinity in the other
      // factor.
      if (factor.builder().isSplat(factor, 0)) {
        return Optional.of(factor);
      }
    }
    return Optional.empty();
  }

  @Override
  public String name() {
    return "mul";
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Partials.push(site, tangents, s -> s.input(1), s -> s.input(0));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return Partials.pull(site, cotangent, s -> s.input(1), s -> s.input(0));
  }
}
