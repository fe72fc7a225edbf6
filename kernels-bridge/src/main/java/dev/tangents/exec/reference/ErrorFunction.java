package dev.tangents.exec.reference;

/**
 * erf to double precision: the Maclaurin series where it converges without cancellation, else one
 * minus the continued fraction of erfc (Abramowitz and Stegun 7.1.6 and 7.1.14, the latter
 * evaluated from a fixed depth). Java's library has no erf.
 */
final class ErrorFunction {
  private static final double SERIES_LIMIT = 2.5;

  private ErrorFunction() {}

  /** 2/sqrt(pi) times the integral of e^(-t t) from 0 to x. */
  static double erf(double x) {
    double size = Math.abs(x);
    if (!(size > SERIES_LIMIT)) {
      return series(x);
    }
    return Math.copySign(size > 6 ? 1 : 1 - complement(size), x);
  }

  /**
   * 7.1.6: 2/sqrt(pi) e^(-x x) sum_n 2^n x^(2n+1) / (1 3 5 ... (2n+1)); all terms have one sign.
   */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /**
   * 7.1.14: sqrt(pi) e^(x x) erfc(x) = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), from the inside
   * out.
   */
  private static double complement(double x) {
    double tail = x;
    for (int n = 120; n >= 1; n--) {
      tail = x + n / 2.0 / tail;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
  }
}
