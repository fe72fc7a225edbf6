package dev.tangents.exec.nd4j;

import java.util.Arrays;

/**
 * P A Q = L U with the largest element left as every pivot, in double. Complete pivoting, since it
 * puts the zeros of a singular matrix last: cofactors come out of the same formula whether the last
 * pivot is zero or not. Not thread-safe; one object serves any number of matrices of its size.
 */
final class PivotedLu implements SquareFactors {
  private final int n;
  private final double[] lu;
  private final int[] rows;
  private final int[] columns;
  private final double[] y;
  private double parity;

  PivotedLu(int n) {
    this.n = n;
    this.lu = new double[n * n];
    this.rows = new int[n];
    this.columns = new int[n];
    this.y = new double[n];
  }

  @Override
  public double[] matrix() {
    return lu;
  }

  @Override
  public void factor() {
    Arrays.setAll(rows, i -> i);
    Arrays.setAll(columns, i -> i);
    parity = 1;
    for (int k = 0; k < n; k++) {
      pivot(k);
      double pivot = lu[k * n + k];
      if (pivot == 0) {
        return; // all that is left is zero
      }
      for (int i = k + 1; i < n; i++) {
        double factor = lu[i * n + k] / pivot;
        lu[i * n + k] = factor;
        for (int j = k + 1; j < n; j++) {
          lu[i * n + j] -= factor * lu[k * n + j];
        }
      }
    }
  }

  @Override
  public double determinant() {
    return parity * product(n);
  }

  @Override
  public double sign() {
    double sign = parity;
    for (int k = 0; k < n; k++) {
      sign *= Math.signum(lu[k * n + k]);
    }
    return sign;
  }

  @Override
  public double logarithm() {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += Math.log(Math.abs(lu[k * n + k]));
    }
    return sum;
  }

  @Override
  public void inverse(double[] x) {
    double last = lu[n * n - 1];
    if (last == 0) {
      Arrays.fill(x, Double.NaN);
      return;
    }
    for (int k = 0; k < n; k++) {
      solve(k, 1, 1 / last);
      for (int i = 0; i < n; i++) {
        x[columns[i] * n + rows[k]] = y[i];
      }
    }
  }

  @Override
  public void cofactors(double[] c) {
    double head = product(n - 1);
    if (head == 0) { // at least two pivots are 0, and so is every minor
      Arrays.fill(c, 0);
      return;
    }
    for (int k = 0; k < n; k++) {
      // adj(U) = head [last inv(U1), -inv(U1) u; 0, 1] with U = [U1, u; 0, last].
      solve(k, head * lu[n * n - 1], head);
      for (int i = 0; i < n; i++) {
        c[rows[k] * n + columns[i]] = parity * y[i];
      }
    }
  }

  /** y = [a inv(U1), -b inv(U1) u; 0, b] inv(L) e_k. */
  private void solve(int k, double a, double b) {
    Arrays.fill(y, 0);
    y[k] = 1;
    for (int i = k + 1; i < n; i++) {
      double sum = 0;
      for (int j = k; j < i; j++) {
        sum -= lu[i * n + j] * y[j];
      }
      y[i] = sum;
    }
    y[n - 1] *= b;
    for (int i = n - 2; i >= 0; i--) {
      double sum = a * y[i];
      for (int j = i + 1; j < n; j++) {
        sum -= lu[i * n + j] * y[j];
      }
      y[i] = sum / lu[i * n + i];
    }
  }

  private double product(int count) {
    double product = 1;
    for (int k = 0; k < count; k++) {
      product *= lu[k * n + k];
    }
    return product;
  }

  /**
   * Brings the largest element of what is left to the corner; a NaN counts as largest, so that it
   * reaches every result.
   */
  private void pivot(int k) {
    int at = k * n + k;
    long best = -1;
    for (int i = k; i < n; i++) {
      int end = (i + 1) * n;
      for (int place = i * n + k; place < end; place++) {
        // As whole numbers, bits without their sign order as magnitudes do, and NaN behind
        // infinity.
        long size = Double.doubleToRawLongBits(lu[place]) & Long.MAX_VALUE;
        if (size > best) {
          best = size;
          at = place;
        }
      }
    }
    int row = at / n;
    int column = at % n;
    if (row != k) {
      for (int j = 0; j < n; j++) {
        exchange(k * n + j, row * n + j);
      }
      exchange(rows, k, row);
    }
    if (column != k) {
      for (int i = 0; i < n; i++) {
        exchange(i * n + k, i * n + column);
      }
      exchange(columns, k, column);
    }
  }

  private void exchange(int i, int j) {
    double kept = lu[i];
    lu[i] = lu[j];
    lu[j] = kept;
  }

  private void exchange(int[] order, int i, int j) {
    int kept = order[i];
    order[i] = order[j];
    order[j] = kept;
    parity = -parity;
  }
}
