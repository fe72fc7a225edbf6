package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;

/** y = min(a, b); where they tie, the first operand takes the derivative. */
public record Min() implements Binary {
  /** Applies it to {@code a} and {@code b}, of one shape. */
  public static Value min(Value a, Value b) {
    return a.builder().apply(new Min(), a, b);
  }

  @Override
  public String name() {
    return "min";
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Partials.push(site, tangents, Min::byLeft, Min::byRight);
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return Partials.pull(site, cotangent, Min::byLeft, Min::byRight);
  }

  private static Value byLeft(Site site) {
    return sub(site.builder().splat(site.output().shape(), 1), byRight(site));
  }

  private static Value byRight(Site site) {
    return greater(site.input(0), site.input(1));
  }
}
