package dev.tangents.exec.cuda.code;

/**
 * Functions of numbers, with the meaning that Java's operators and {@link Math} give them: a NaN
 * passes through {@link #MAX} and {@link #MIN}, and {@code POW} of a NaN is NaN.
 */
public enum Op {
  /** a + b. */
  ADD("(%s + %s)"),
  /** a - b. */
  SUB("(%s - %s)"),
  /** a b. */
  MUL("(%s * %s)"),
  /** a / b of reals. */
  DIV("(%s / %s)"),
  /** Whole part of a / b, for integers with a not negative and b positive. */
  QUOTIENT("(%s / %s)"),
  /** a - b quotient(a, b), for integers with a not negative and b positive. */
  REMAINDER("(%s %% %s)"),
  /** The larger one; +0 is larger than -0. */
  MAX("maximum(%s, %s)"),
  /** The smaller one; -0 is smaller than +0. */
  MIN("minimum(%s, %s)"),
  /** -a. */
  NEG("(-%s)"),
  /** |a|. */
  ABS("fabs(%s)"),
  /** e^a. */
  EXP("exp(%s)"),
  /** e^a - 1. */
  EXPM1("expm1(%s)"),
  /** ln a. */
  LOG("log(%s)"),
  /** ln(1 + a). */
  LOG1P("log1p(%s)"),
  /** sin a. */
  SIN("sin(%s)"),
  /** cos a. */
  COS("cos(%s)"),
  /** sinh a. */
  SINH("sinh(%s)"),
  /** arsinh a. */
  ASINH("asinh(%s)"),
  /** arctan a. */
  ATAN("atan(%s)"),
  /** tanh a. */
  TANH("tanh(%s)"),
  /** erf a. */
  ERF("erf(%s)"),
  /** Square root of a. */
  SQRT("sqrt(%s)"),
  /** a^b. */
  POW("power(%s, %s)"),
  /** The nearest whole number, the even one of two. */
  RINT("rint(%s)"),
  /** a &lt; b. */
  LESS("(%s < %s)"),
  /** a = b. */
  EQUAL("(%s == %s)"),
  /** Both conditions. */
  AND("(%s && %s)"),
  /** At least one condition. */
  OR("(%s || %s)"),
  /** Not a condition. */
  NOT("(!%s)"),
  /** The second operand where the first holds, else the third; the other is not computed. */
  SELECT("(%s ? %s : %s)"),
  /** The number in the engine's width. */
  TO_REAL("((real)%s)"),
  /** The number in double. */
  TO_WIDE("((double)%s)"),
  /** The number's whole part as an integer. */
  TO_INT("((int)%s)");

  private final String format;

  Op(String format) {
    this.format = format;
  }

  /** The application to printed operands, as CUDA C. */
  String printed(Object... operands) {
    return format.formatted(operands);
  }
}
