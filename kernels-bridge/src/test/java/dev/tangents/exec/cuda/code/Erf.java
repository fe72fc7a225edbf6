package dev.tangents.exec.cuda.code;

import org.apache.commons.math3.special.Gamma;

/** erf, which the library of a device has and Java has not. */
final class Erf {
  private Erf() {}

  /** erf x = sign(x) P(1/2, x x), with small x by its series, since x x underflows. */
  static double of(double x) {
    if (Double.isNaN(x) || Math.abs(x) < 1e-9) {
      return 2 / Math.sqrt(Math.PI) * x;
    }
    double size = Math.abs(x) > 6 ? 1 : Gamma.regularizedGammaP(0.5, x * x, 1e-15, 10_000);
    return Math.copySign(size, x);
  }
}
