package dev.tangents.kernel.check;

import dev.tangents.exec.HostTensor;
import dev.tangents.kernel.KernelKind;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * How a random v meets a kernel K of each kind: which of its numbers a block of K is multiplied by,
 * and which products of Jacobians make J (J^T v). A sample has one number of v for a trace kernel,
 * one for each output for the others.
 *
 * <pre>
 * trace       y_n    = sum over o  J_o (J_o^T v)          K v = sum over m  K[n, m] v_m
 * per output  y_n,o  = J_o (J_o^T v_o)                          sum over m  K_o[n, m] v_m,o
 * full, sum   y_n,o  = J_o (sum over p  J_p^T v_p)              sum over m, p  K[n, o, m, p] v_m,p
 * </pre>
 *
 * @param kind of the kernel
 * @param outputs O; 1 for the sum, whose network has one output
 */
public record Probe(KernelKind kind, int outputs) implements Serializable {
  /** Numbers of v, and of K v, a sample. */
  public int lanes() {
    return kind == KernelKind.TRACE ? 1 : outputs;
  }

  /** Blocks of K, as {@link dev.tangents.kernel.TileResult} has them. */
  public int blocks() {
    return kind == KernelKind.FULL ? outputs * outputs : lanes();
  }

  /** How often both products of Jacobians are taken: once, or for each output. */
  public int passes() {
    return kind == KernelKind.FULL || kind == KernelKind.SUM ? 1 : outputs;
  }

  /**
   * Random signs v, [samples, lanes].
   *
   * @param seed the same for the same v
   */
  public double[] signs(int samples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.ints((long) samples * lanes(), 0, 2).mapToDouble(bit -> 2 * bit - 1).toArray();
  }

  /**
   * What J^T is applied to in a pass, [samples, O].
   *
   * @param v [samples, lanes]
   */
  public double[] cotangents(double[] v, int pass) {
    if (passes() == 1 && outputs == lanes()) {
      return v;
    }
    int samples = v.length / lanes();
    double[] cotangents = new double[samples * outputs];
    for (int m = 0; m < samples; m++) {
      cotangents[m * outputs + pass] = v[m * lanes() + pass % lanes()];
    }
    return cotangents;
  }

  /**
   * Adds a pass's part of J (J^T v).
   *
   * @param product J u of the pass, [samples, O]
   * @param sum [samples, lanes]
   */
  public void add(double[] product, int pass, double[] sum) {
    if (passes() == 1) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += product[i];
      }
      return;
    }
    for (int n = 0; n < sum.length / lanes(); n++) {
      sum[n * lanes() + pass % lanes()] += product[n * outputs + pass];
    }
  }

  /**
   * Adds K v, and the squares of K's entries, of a part of the kernel, or of one component of it.
   *
   * @param kernel [blocks, r, c]
   * @param v of the columns, [c, lanes]
   * @param product of the rows, [r, lanes]
   * @param squares likewise: the square of the product that random signs are expected to give
   */
  public void multiply(HostTensor kernel, double[] v, double[] product, double[] squares) {
    int rows = (int) kernel.shape().dim(1);
    int columns = (int) kernel.shape().dim(2);
    int lanes = lanes();
    for (int b = 0; b < blocks(); b++) {
      int rowLane = kind == KernelKind.FULL ? b / lanes : b;
      int columnLane = kind == KernelKind.FULL ? b % lanes : b;
      for (int n = 0; n < rows; n++) {
        int at = (b * rows + n) * columns;
        double sum = 0;
        double square = 0;
        for (int m = 0; m < columns; m++) {
          double term = kernel.at(at + m) * v[m * lanes + columnLane];
          sum += term;
          square += term * term;
        }
        product[n * lanes + rowLane] += sum;
        squares[n * lanes + rowLane] += square;
      }
    }
  }

  /**
   * How far K v is from J (J^T v), relative to the entries of K: |K v - J (J^T v)| / |K|, in the
   * norms sqrt(sum of squares). For random signs |K| is what |K v| is expected to be, so that the
   * ratio does not depend on how many columns there are; |K v| itself may happen to be near 0.
   *
   * @param kernel K v
   * @param jacobians J (J^T v)
   * @param squares of the entries, as {@link #multiply} adds them
   * @return infinity if a number is not finite, 0 if both sides are zero
   */
  public static double residual(double[] kernel, double[] jacobians, double[] squares) {
    double difference = 0;
    double whole = 0;
    for (int i = 0; i < kernel.length; i++) {
      difference = Math.hypot(difference, kernel[i] - jacobians[i]); // does not overflow early
      whole = Math.hypot(whole, Math.sqrt(squares[i]));
    }
    if (difference == 0) {
      return 0;
    }
    double ratio = difference / whole;
    return Double.isFinite(ratio) ? ratio : Double.POSITIVE_INFINITY;
  }
}
