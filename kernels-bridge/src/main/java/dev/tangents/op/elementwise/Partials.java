package dev.tangents.op.elementwise;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;

import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.function.Function;

/**
 * Both derivative rules of a two-operand elementwise function, from its partial derivatives. A
 * partial is asked for only where its tangent is not a symbolic zero, so unused ones are never
 * built.
 */
final class Partials {
  private Partials() {}

  /** dy = (dy/da) da + (dy/db) db. */
  static Tangent push(
      Site site,
      List<Tangent> tangents,
      Function<Site, Value> byLeft,
      Function<Site, Value> byRight) {
    Tangent a = tangents.get(0);
    Tangent b = tangents.get(1);
    Value left = a instanceof Tangent.Of of ? mul(byLeft.apply(site), of.value()) : null;
    Value right = b instanceof Tangent.Of of ? mul(byRight.apply(site), of.value()) : null;
    if (left == null) {
      return Tangent.of(right);
    }
    return Tangent.of(right == null ? left : add(left, right));
  }

  /** (dy/da w, dy/db w). */
  static List<Tangent> pull(
      Site site, Value cotangent, Function<Site, Value> byLeft, Function<Site, Value> byRight) {
    return List.of(
        Tangent.of(mul(byLeft.apply(site), cotangent)),
        Tangent.of(mul(byRight.apply(site), cotangent)));
  }
}
