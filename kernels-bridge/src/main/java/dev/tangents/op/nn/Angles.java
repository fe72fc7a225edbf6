package dev.tangents.op.nn;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Asinh.asinh;
import static dev.tangents.op.elementwise.Atan.atan;
import static dev.tangents.op.elementwise.Cos.cos;
import static dev.tangents.op.elementwise.Div.div;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Sin.sin;
import static dev.tangents.op.elementwise.Sqrt.sqrt;

import dev.tangents.ir.Value;

/**
 * Functions of angles and their hyperbolic kin that are compositions of primitives: each good to a
 * few units in the last place over its whole domain, and NaN outside of it. 1 - x and 1 + x are
 * exact where they are small, so that no root is of a difference that cancelled.
 */
public final class Angles {
  private Angles() {}

  /** tan x = sin x / cos x, x in radians. */
  public static Value tan(Value x) {
    return div(sin(x), cos(x));
  }

  /**
   * arcsin x = 2 arctan(x / (1 + sqrt(1 - x) sqrt(1 + x))), for -1 &lt;= x &lt;= 1. Its derivative
   * is infinite at -1 and 1; one root of the product would make it NaN there.
   */
  public static Value asin(Value x) {
    return scale(atan(div(x, shift(mul(sqrt(below(x)), sqrt(shift(x, 1))), 1))), 2);
  }

  /**
   * arccos x = 4 arctan(sqrt(1 - x) / (sqrt 2 + sqrt(1 + x))), for -1 &lt;= x &lt;= 1: the tangent
   * of a quarter of the angle. pi/2 - arcsin x would cancel near 1. Its derivative is infinite at
   * -1 and 1.
   */
  public static Value acos(Value x) {
    return scale(atan(div(sqrt(below(x)), shift(sqrt(shift(x, 1)), Math.sqrt(2)))), 4);
  }

  /** arcosh x = arsinh(sqrt(x - 1) sqrt(x + 1)), for x &gt;= 1. Its derivative is infinite at 1. */
  public static Value acosh(Value x) {
    return asinh(mul(sqrt(shift(x, -1)), sqrt(shift(x, 1))));
  }

  /** artanh x = arsinh(x / (sqrt(1 - x) sqrt(1 + x))), for -1 &lt; x &lt; 1. */
  public static Value atanh(Value x) {
    return asinh(div(x, mul(sqrt(below(x)), sqrt(shift(x, 1)))));
  }

  /** 1 - x. */
  private static Value below(Value x) {
    return shift(neg(x), 1);
  }
}
