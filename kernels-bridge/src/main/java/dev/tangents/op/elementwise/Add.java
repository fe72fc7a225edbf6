package dev.tangents.op.elementwise;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/** y = a + b. */
public record Add() implements Binary {
  /** Applies it to {@code a} and {@code b}, of one shape. */
  public static Value add(Value a, Value b) {
    return a.builder().apply(new Add(), a, b);
  }

  /** x + c for a fixed number c. */
  public static Value shift(Value x, double c) {
    return add(x, x.builder().splat(x.shape(), c));
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    if (inputs.get(0).builder().isSplat(inputs.get(1), 0)) {
      return Optional.of(inputs.get(0));
    }
    return inputs.get(0).builder().isSplat(inputs.get(0), 0)
        ? Optional.of(inputs.get(1))
        : Optional.empty();
  }

  @Override
  public String name() {
    return "add";
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Tangent a = tangents.get(0);
    Tangent b = tangents.get(1);
    if (a.isZero() || b.isZero()) {
      return a.isZero() ? b : a;
    }
    return Tangent.of(add(a.materialise(site.builder()), b.materialise(site.builder())));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(Tangent.of(cotangent), Tangent.of(cotangent));
  }
}
