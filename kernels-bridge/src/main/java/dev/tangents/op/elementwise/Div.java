package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Neg.neg;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/** y = a / b; dy/da = 1/b, dy/db = -y/b. */
public record Div() implements Binary {
  /** Applies it to {@code a} and {@code b}, of one shape. */
  public static Value div(Value a, Value b) {
    return a.builder().apply(new Div(), a, b);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    return inputs.get(0).builder().isSplat(inputs.get(1), 1)
        ? Optional.of(inputs.get(0))
        : Optional.empty();
  }

  @Override
  public String name() {
    return "div";
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Partials.push(site, tangents, Div::byLeft, Div::byRight);
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return Partials.pull(site, cotangent, Div::byLeft, Div::byRight);
  }

  private static Value byLeft(Site site) {
    return div(site.builder().splat(site.output().shape(), 1), site.input(1));
  }

  private static Value byRight(Site site) {
    return neg(div(site.output(), site.input(1)));
  }
}
