package dev.tangents.op.elementwise;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * y = 1 where a &gt; b, else 0, as real numbers: the mask of a kink. Its derivative is zero
 * everywhere.
 */
public record Greater() implements Binary {
  /** Applies it to {@code a} and {@code b}, of one shape. */
  public static Value greater(Value a, Value b) {
    return a.builder().apply(new Greater(), a, b);
  }

  @Override
  public String name() {
    return "greater";
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.zero(site.output().type());
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Tangent zero = Tangent.zero(site.output().type());
    return List.of(zero, zero);
  }
}
