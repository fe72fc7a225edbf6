package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Neg.neg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/** y = a - b. */
public record Sub() implements Binary {
  /** Applies it to {@code a} and {@code b}, of one shape. */
  public static Value sub(Value a, Value b) {
    return a.builder().apply(new Sub(), a, b);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    if (inputs.get(0).builder().isSplat(inputs.get(1), 0)) {
      return Optional.of(inputs.get(0));
    }
    return inputs.get(0).builder().isSplat(inputs.get(0), 0)
        ? Optional.of(neg(inputs.get(1)))
        : Optional.empty();
  }

  @Override
  public String name() {
    return "sub";
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Tangent a = tangents.get(0);
    Tangent b = tangents.get(1);
    if (b.isZero()) {
      return a;
    }
    Value right = b.materialise(site.builder());
    return Tangent.of(a.isZero() ? neg(right) : sub(a.materialise(site.builder()), right));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(cotangent), Tangent.of(neg(cotangent)));
  }
}
