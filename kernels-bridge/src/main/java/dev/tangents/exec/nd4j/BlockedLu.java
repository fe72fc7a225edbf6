package dev.tangents.exec.nd4j;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasLeft;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasLower;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNonUnit;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasUnit;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasUpper;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dtrsm;

import java.util.Arrays;

/**
 * P A = L U for larger matrices: partial pivoting, panel by panel (Golub and Van Loan 2013, section
 * 3.2.11), so that nearly all work is done by BLAS; LAPACK's way, by the BLAS that multiplies
 * matrices here. In double. A matrix that is nearly singular, or has a NaN, is left to complete
 * pivoting, whose cofactors are right for it.
 */
final class BlockedLu implements SquareFactors {
  /** The least n for which it is quicker than {@link PivotedLu}. */
  static final int LEAST = 32;

  /** Columns of a panel. */
  private static final int PANEL = 32;

  /**
   * The ratio of the smallest pivot to the largest below which a matrix counts as nearly singular.
   */
  private static final double LEAST_RATIO = 1e-10;

  private final int n;
  private final Scratch scratch;
  private final double[] matrix;
  private final double[] panel;
  private final double[] line;
  private final double[] other;
  private final int[] rows;
  private NativeBuffer lu;
  private NativeBuffer left;
  private NativeBuffer right;
  private double parity;

  /** Null unless the matrix that is in place needs it. */
  private PivotedLu complete;

  /** Reserves native room for two matrices. */
  BlockedLu(int n, Scratch scratch) {
    this.n = n;
    this.scratch = scratch;
    this.matrix = new double[n * n];
    this.panel = new double[n * PANEL];
    this.line = new double[n];
    this.other = new double[n];
    this.rows = new int[n];
    scratch.reserveWide(n * n);
  }

  @Override
  public double[] matrix() {
    return matrix;
  }

  @Override
  public void factor() {
    if (lu == null) {
      // Three views, since each has one pointer, and a call of BLAS takes three.
      lu = scratch.wide(0).view(0, n * n);
      left = scratch.wide(0).view(0, n * n);
      right = scratch.wide(0).view(0, n * n);
    }
    lu.set(0, matrix, n * n);
    Arrays.setAll(rows, i -> i);
    parity = 1;
    boolean regular = true;
    for (int start = 0; start < n && regular; start += PANEL) {
      int width = Math.min(PANEL, n - start);
      regular = factorPanel(start, width);
      if (regular && start + width < n) {
        update(start, width);
      }
    }
    complete = null;
    if (!regular || ratio() < LEAST_RATIO) {
      complete = new PivotedLu(n);
      System.arraycopy(matrix, 0, complete.matrix(), 0, n * n);
      complete.factor();
    }
  }

  @Override
  public double determinant() {
    if (complete != null) {
      return complete.determinant();
    }
    double product = parity;
    for (int k = 0; k < n; k++) {
      product *= pivot(k);
    }
    return product;
  }

  @Override
  public double sign() {
    if (complete != null) {
      return complete.sign();
    }
    double sign = parity;
    for (int k = 0; k < n; k++) {
      sign *= Math.signum(pivot(k));
    }
    return sign;
  }

  @Override
  public double logarithm() {
    if (complete != null) {
      return complete.logarithm();
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += Math.log(Math.abs(pivot(k)));
    }
    return sum;
  }

  @Override
  public void inverse(double[] x) {
    if (complete != null) {
      complete.inverse(x);
      return;
    }
    // inv(A) = inv(U) inv(L) P.
    NativeBuffer solution = scratch.wide(1);
    solution.fill(0, n * n, 0);
    for (int i = 0; i < n; i++) {
      solution.put(i * n + rows[i], 1);
    }
    solve(CblasLower, CblasUnit, 0, n, solution, 0, n);
    solve(CblasUpper, CblasNonUnit, 0, n, solution, 0, n);
    solution.get(0, x, n * n);
  }

  /** det(A) inv(A)^T: a matrix that is not nearly singular has no better way. */
  @Override
  public void cofactors(double[] c) {
    if (complete != null) {
      complete.cofactors(c);
      return;
    }
    inverse(c);
    double determinant = determinant();
    for (int i = 0; i < n; i++) {
      c[i * n + i] *= determinant;
      for (int j = 0; j < i; j++) {
        double kept = c[i * n + j];
        c[i * n + j] = determinant * c[j * n + i];
        c[j * n + i] = determinant * kept;
      }
    }
  }

  private double pivot(int k) {
    return lu.at(k * n + k);
  }

  private double ratio() {
    double least = Double.MAX_VALUE;
    double most = 0;
    for (int k = 0; k < n; k++) {
      double size = Math.abs(pivot(k));
      least = Math.min(least, size);
      most = Math.max(most, size);
    }
    return least / most;
  }

  /**
   * Factors columns {@code start} and on from row {@code start} down, and exchanges the rows of the
   * other columns with them. False if a pivot is 0 or not finite.
   */
  private boolean factorPanel(int start, int width) {
    int height = n - start;
    for (int i = 0; i < height; i++) {
      lu.get((start + i) * n + start, panel, i * width, width);
    }
    for (int k = 0; k < width; k++) {
      int best = largest(k, height, width);
      double pivot = panel[best * width + k];
      if (pivot == 0 || !Double.isFinite(pivot)) {
        return false;
      }
      if (best != k) {
        exchange(start, width, k, best);
      }
      for (int i = k + 1; i < height; i++) {
        double factor = panel[i * width + k] / pivot;
        panel[i * width + k] = factor;
        for (int j = k + 1; j < width; j++) {
          panel[i * width + j] -= factor * panel[k * width + j];
        }
      }
    }
    for (int i = 0; i < height; i++) {
      System.arraycopy(panel, i * width, line, 0, width);
      lu.set((start + i) * n + start, line, width);
    }
    return true;
  }

  /** The row with the largest element of column k at or below the diagonal; a NaN is largest. */
  private int largest(int k, int height, int width) {
    int best = k;
    for (int i = k + 1; i < height; i++) {
      double size = Math.abs(panel[i * width + k]);
      if (size > Math.abs(panel[best * width + k]) || Double.isNaN(size)) {
        best = i;
      }
    }
    return best;
  }

  /** Exchanges rows i and j of the panel and of the matrix; the panel is copied back later. */
  private void exchange(int start, int width, int i, int j) {
    for (int column = 0; column < width; column++) {
      double kept = panel[i * width + column];
      panel[i * width + column] = panel[j * width + column];
      panel[j * width + column] = kept;
    }
    lu.get((start + i) * n, line, n);
    lu.get((start + j) * n, other, n);
    lu.set((start + i) * n, other, n);
    lu.set((start + j) * n, line, n);
    int kept = rows[start + i];
    rows[start + i] = rows[start + j];
    rows[start + j] = kept;
    parity = -parity;
  }

  /** U12 = inv(L11) A12, then A22 = A22 - L21 U12. */
  private void update(int start, int width) {
    int next = start + width;
    int rest = n - next;
    solve(CblasLower, CblasUnit, start, width, lu, start * n + next, rest);
    cblas_dgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        rest,
        rest,
        width,
        -1,
        left.doublesAt(next * n + start),
        n,
        right.doublesAt(start * n + next),
        n,
        1,
        lu.doublesAt(next * n + next),
        n);
  }

  /** B = inv(T) B for the triangle T of {@code size} rows at the diagonal's place {@code start}. */
  private void solve(
      int triangle, int diagonal, int start, int size, NativeBuffer b, int at, int columns) {
    cblas_dtrsm(
        CblasRowMajor,
        CblasLeft,
        triangle,
        CblasNoTrans,
        diagonal,
        size,
        columns,
        1,
        left.doublesAt(start * n + start),
        n,
        b.doublesAt(at),
        n);
  }
}
