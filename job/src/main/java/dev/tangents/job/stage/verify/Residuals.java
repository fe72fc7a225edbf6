package dev.tangents.job.stage.verify;

import dev.tangents.kernel.check.Probe;
import java.util.Arrays;
import java.util.Map;

/**
 * How far K v is from J (J^T v).
 *
 * @param whole over all rows
 * @param panel the panel of rows where it is largest
 * @param worst over that panel
 * @param bound the largest that passes
 */
record Residuals(double whole, int panel, double worst, double bound) {
  /**
   * Compares.
   *
   * @param found has K v and the squares of K
   * @param jacobians J (J^T v) by panels of rows
   */
  static Residuals of(FileAudit.Found found, Map<Integer, double[]> jacobians, double bound) {
    int panel = 0;
    double worst = 0;
    double difference = 0;
    double size = 0;
    for (Map.Entry<Integer, double[]> entry : jacobians.entrySet()) {
      double[] both = found.products().get(entry.getKey());
      double[] product = entry.getValue();
      int numbers = product.length;
      double[] kernel = Arrays.copyOf(both, numbers);
      double[] squares = Arrays.copyOfRange(both, numbers, 2 * numbers);
      double residual = Probe.residual(kernel, product, squares);
      if (!(residual <= worst)) {
        worst = residual;
        panel = entry.getKey();
      }
      for (int i = 0; i < numbers; i++) {
        difference = Math.hypot(difference, kernel[i] - product[i]);
        size = Math.hypot(size, Math.sqrt(squares[i]));
      }
    }
    return new Residuals(difference == 0 ? 0 : difference / size, panel, worst, bound);
  }

  /** Whether every panel passes. */
  boolean pass() {
    return worst <= bound;
  }
}
