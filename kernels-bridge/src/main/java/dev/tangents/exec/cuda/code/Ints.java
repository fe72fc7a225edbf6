package dev.tangents.exec.cuda.code;

import dev.tangents.exec.cuda.code.Expr.Apply;
import dev.tangents.exec.cuda.code.Expr.Num;
import dev.tangents.exec.cuda.code.Expr.Var;
import java.util.List;

/**
 * Integer expressions, simplified while they are built from what is known of their bounds: a view
 * of a view of a tensor comes out with as few divisions as it needs.
 */
public final class Ints {
  private static final Num ZERO = new Num(Kind.INT, 0);

  private Ints() {}

  /** A known integer. */
  public static Expr of(long value) {
    return value == 0 ? ZERO : new Num(Kind.INT, (double) value);
  }

  /** a + b. */
  public static Expr add(Expr a, Expr b) {
    if (isNumber(a)) {
      return isNumber(b) ? of(value(a) + value(b)) : value(a) == 0 ? b : add(b, a);
    }
    if (isNumber(b)) {
      if (value(b) == 0) {
        return a;
      }
      if (a instanceof Apply sum && sum.op() == Op.ADD && isNumber(sum.arguments().get(1))) {
        return add(sum.arguments().get(0), add(sum.arguments().get(1), b));
      }
    }
    return joined(a, b) ? dividend(b) : apply(Op.ADD, a, b, least(a) + least(b), most(a) + most(b));
  }

  /** Whether a + b is (x / c) c + x % c. */
  private static boolean joined(Expr a, Expr b) {
    return b instanceof Apply rest
        && rest.op() == Op.REMAINDER
        && isNumber(rest.arguments().get(1))
        && a.equals(
            mul(
                quotient(dividend(b), value(rest.arguments().get(1))),
                value(rest.arguments().get(1))));
  }

  private static Expr dividend(Expr remainder) {
    return ((Apply) remainder).arguments().get(0);
  }

  /** a - b. */
  public static Expr sub(Expr a, Expr b) {
    return isNumber(b)
        ? add(a, of(-value(b)))
        : apply(Op.SUB, a, b, least(a) - most(b), most(a) - least(b));
  }

  /** a times a known factor. */
  public static Expr mul(Expr a, long factor) {
    if (isNumber(a)) {
      return of(value(a) * factor);
    }
    if (factor == 0) {
      return ZERO;
    }
    if (factor == 1) {
      return a;
    }
    if (a instanceof Apply product && isScaled(product)) {
      return mul(product.arguments().get(0), value(product.arguments().get(1)) * factor);
    }
    if (a instanceof Apply sum && sum.op() == Op.ADD) {
      return add(mul(sum.arguments().get(0), factor), mul(sum.arguments().get(1), factor));
    }
    long first = least(a) * factor;
    long second = most(a) * factor;
    return apply(Op.MUL, a, of(factor), Math.min(first, second), Math.max(first, second));
  }

  /** The whole part of a / divisor, for a not negative. */
  public static Expr quotient(Expr a, long divisor) {
    if (divisor == 1) {
      return a;
    }
    if (isNumber(a)) {
      return of(value(a) / divisor);
    }
    if (most(a) < divisor) {
      return ZERO;
    }
    if (a instanceof Apply known) {
      Expr x = known.arguments().get(0);
      Expr y = known.arguments().get(known.arguments().size() - 1);
      if (known.op() == Op.QUOTIENT && isNumber(y)) {
        return quotient(x, value(y) * divisor);
      }
      if (isScaled(known) && value(y) % divisor == 0) {
        return mul(x, value(y) / divisor);
      }
      if (known.op() == Op.ADD && least(x) >= 0 && least(y) >= 0) {
        if (isMultiple(x, divisor)) {
          return add(quotient(x, divisor), quotient(y, divisor));
        }
        if (isMultiple(y, divisor)) {
          return add(quotient(y, divisor), quotient(x, divisor));
        }
      }
    }
    return apply(Op.QUOTIENT, a, of(divisor), least(a) / divisor, most(a) / divisor);
  }

  /** What is left of a / divisor, for a not negative. */
  public static Expr remainder(Expr a, long divisor) {
    if (divisor == 1 || isMultiple(a, divisor)) {
      return ZERO;
    }
    if (isNumber(a)) {
      return of(value(a) % divisor);
    }
    if (most(a) < divisor) {
      return a;
    }
    if (a instanceof Apply sum && sum.op() == Op.ADD) {
      Expr x = sum.arguments().get(0);
      Expr y = sum.arguments().get(1);
      if (least(x) >= 0 && least(y) >= 0) {
        if (isMultiple(x, divisor)) {
          return remainder(y, divisor);
        }
        if (isMultiple(y, divisor)) {
          return remainder(x, divisor);
        }
      }
    }
    return apply(Op.REMAINDER, a, of(divisor), 0, divisor - 1);
  }

  /** a &lt; b. */
  public static Expr less(Expr a, Expr b) {
    return new Apply(Kind.BOOL, Op.LESS, List.of(a, b), 0, 1);
  }

  /** a = b. */
  public static Expr equal(Expr a, Expr b) {
    return new Apply(Kind.BOOL, Op.EQUAL, List.of(a, b), 0, 1);
  }

  /**
   * A real number's whole part.
   *
   * @param most largest value that the caller vouches for; the smallest is 0
   */
  public static Expr of(Expr real, long most) {
    return new Apply(Kind.INT, Op.TO_INT, List.of(real), 0, most);
  }

  /** Smallest value. */
  public static long least(Expr a) {
    return a instanceof Num num
        ? (long) num.value()
        : a instanceof Var var ? var.least() : ((Apply) a).least();
  }

  /** Largest value. */
  public static long most(Expr a) {
    return a instanceof Num num
        ? (long) num.value()
        : a instanceof Var var ? var.most() : ((Apply) a).most();
  }

  private static boolean isNumber(Expr a) {
    return a instanceof Num;
  }

  private static long value(Expr a) {
    return (long) ((Num) a).value();
  }

  /** Whether it is a product with a known factor. */
  private static boolean isScaled(Apply a) {
    return a.op() == Op.MUL && isNumber(a.arguments().get(1));
  }

  private static boolean isMultiple(Expr a, long divisor) {
    if (a instanceof Num) {
      return value(a) % divisor == 0;
    }
    if (a instanceof Apply known && isScaled(known)) {
      return value(known.arguments().get(1)) % divisor == 0;
    }
    return a instanceof Apply sum
        && sum.op() == Op.ADD
        && sum.arguments().stream().allMatch(part -> isMultiple(part, divisor));
  }

  private static Expr apply(Op op, Expr a, Expr b, long least, long most) {
    return new Apply(Kind.INT, op, List.of(a, b), least, most);
  }
}
