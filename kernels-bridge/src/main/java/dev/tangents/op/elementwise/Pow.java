package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Log.log;
import static dev.tangents.op.elementwise.Mul.mul;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;

/** y = a^b for a &gt; 0; dy/da = b a^(b-1), dy/db = y ln a. A fixed exponent is a {@link Power}. */
public record Pow() implements Binary {
  /** Applies it to {@code a} and {@code b}, of one shape. */
  public static Value pow(Value a, Value b) {
    return a.builder().apply(new Pow(), a, b);
  }

  @Override
  public String name() {
    return "pow";
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Partials.push(site, tangents, Pow::byLeft, Pow::byRight);
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return Partials.pull(site, cotangent, Pow::byLeft, Pow::byRight);
  }

  private static Value byLeft(Site site) {
    return mul(site.input(1), pow(site.input(0), shift(site.input(1), -1)));
  }

  private static Value byRight(Site site) {
    return mul(site.output(), log(site.input(0)));
  }
}
