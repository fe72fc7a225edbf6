package dev.tangents.exec.reference;

import dev.tangents.ir.Primitive;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Determinants by Gaussian elimination with partial pivoting, cofactors by their definition,
 * inverses by Gauss-Jordan elimination.
 */
final class SquareKernels {
  private SquareKernels() {}

  /** Adds this family's kernels. */
  static void register(ReferenceKernels.Table table) {
    add(table, Cofactor.class, SquareKernels::cofactors);
    add(table, Det.class, a -> new double[] {determinant(a)});
    add(table, DetSign.class, a -> new double[] {sign(pivots(a))});
    add(table, Inverse.class, SquareKernels::inverse);
    add(table, LogAbsDet.class, a -> new double[] {logarithm(pivots(a))});
  }

  /** A kernel that takes the matrices of a stack one by one. */
  private static <P extends Primitive> void add(
      ReferenceKernels.Table table, Class<P> type, Function<double[][], double[]> function) {
    table.add(
        type,
        (primitive, operands, shapes, result) -> {
          int n = (int) shapes.get(0).dim(-1);
          double[] y = new double[result.intSize()];
          int stack = operands.get(0).length / (n * n);
          for (int k = 0; k < stack; k++) {
            double[][] a = new double[n][];
            for (int i = 0; i < n; i++) {
              int start = (k * n + i) * n;
              a[i] = Arrays.copyOfRange(operands.get(0), start, start + n);
            }
            double[] value = function.apply(a);
            System.arraycopy(value, 0, y, k * value.length, value.length);
          }
          return y;
        });
  }

  private static double determinant(double[][] a) {
    double product = 1;
    for (double pivot : pivots(a)) {
      product *= pivot;
    }
    return product;
  }

  /** The sign of a product: its factors may be too many for the product itself. */
  private static double sign(double[] factors) {
    double sign = 1;
    for (double factor : factors) {
      sign *= Math.signum(factor);
    }
    return sign;
  }

  private static double logarithm(double[] factors) {
    double sum = 0;
    for (double factor : factors) {
      sum += Math.log(Math.abs(factor));
    }
    return sum;
  }

  /** Numbers whose product is the determinant: pivots, one negated at each exchange of rows. */
  private static double[] pivots(double[][] matrix) {
    double[][] a = copy(matrix);
    int n = a.length;
    double[] pivots = new double[n];
    for (int k = 0; k < n; k++) {
      int best = largestInColumn(a, k);
      swap(a, k, best);
      pivots[k] = best == k ? a[k][k] : -a[k][k];
      for (int i = k + 1; i < n && a[k][k] != 0; i++) {
        double factor = a[i][k] / a[k][k];
        for (int j = k; j < n; j++) {
          a[i][j] -= factor * a[k][j];
        }
      }
    }
    return pivots;
  }

  private static double[] cofactors(double[][] a) {
    int n = a.length;
    double[] y = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double minor = n == 1 ? 1 : determinant(without(a, i, j));
        y[i * n + j] = (i + j) % 2 == 0 ? minor : -minor;
      }
    }
    return y;
  }

  private static double[][] without(double[][] a, int row, int column) {
    int n = a.length;
    double[][] minor = new double[n - 1][n - 1];
    for (int i = 0; i < n - 1; i++) {
      for (int j = 0; j < n - 1; j++) {
        minor[i][j] = a[i < row ? i : i + 1][j < column ? j : j + 1];
      }
    }
    return minor;
  }

  private static double[] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    for (int i = 0; i < n; i++) {
      a[i] = Arrays.copyOf(matrix[i], 2 * n);
      a[i][n + i] = 1;
    }
    for (int k = 0; k < n; k++) {
      swap(a, k, largestInColumn(a, k));
      double pivot = a[k][k];
      for (int j = 0; j < 2 * n; j++) {
        a[k][j] = pivot == 0 ? Double.NaN : a[k][j] / pivot;
      }
      for (int i = 0; i < n; i++) {
        double factor = a[i][k];
        for (int j = 0; i != k && j < 2 * n; j++) {
          a[i][j] -= factor * a[k][j];
        }
      }
    }
    double[] y = new double[n * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(a[i], n, y, i * n, n);
    }
    return y;
  }

  private static int largestInColumn(double[][] a, int k) {
    int best = k;
    for (int i = k + 1; i < a.length; i++) {
      double size = Math.abs(a[i][k]);
      if (size > Math.abs(a[best][k]) || Double.isNaN(size)) { // a NaN must reach the result
        best = i;
      }
    }
    return best;
  }

  private static void swap(double[][] a, int i, int j) {
    double[] row = a[i];
    a[i] = a[j];
    a[j] = row;
  }

  private static double[][] copy(double[][] a) {
    return Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
  }
}
