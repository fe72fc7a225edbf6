package dev.tangents.exec.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Case S0 as one writes it with ND4J's arrays and no engine: the Jacobian of f(x) = (1/m) sum_j a_j
 * relu(w_j . x), one hidden unit at a time over all samples, then J J^T. A baseline for benchmarks.
 */
public final class HandwrittenLoop {
  private final INDArray x;
  private final INDArray w;
  private final double[] a;

  /**
   * Copies the case in.
   *
   * @param samples N x D, row-major
   * @param weights D x m, row-major
   * @param a m numbers
   * @param features D
   */
  public HandwrittenLoop(float[] samples, float[] weights, double[] a, int features) {
    this.x = Nd4j.createFromArray(samples).reshape('c', samples.length / features, features);
    this.w = Nd4j.createFromArray(weights).reshape('c', features, a.length);
    this.a = a.clone();
  }

  /** The kernel, N x N, row-major. */
  public double[] gram() {
    long samples = x.size(0);
    long features = x.size(1);
    int units = a.length;
    INDArray jacobian = Nd4j.create(DataType.FLOAT, samples, units * (features + 1));
    for (int j = 0; j < units; j++) {
      INDArray z = x.mmul(w.getColumn(j, true));
      INDArray on = z.gt(0).castTo(DataType.FLOAT);
      INDArray byW = x.mulColumnVector(on).muli(a[j] / units);
      INDArray byA = z.muli(on).divi(units);
      long from = j * (features + 1);
      jacobian.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + features)).assign(byW);
      jacobian.putColumn((int) (from + features), byA);
    }
    double[] gram = jacobian.mmul(jacobian.transpose()).dup('c').data().asDouble();
    // ND4J's own product takes all cores and leaves BLAS so; the engine beside us insists on one.
    Nd4jRuntime.initialise(1);
    return gram;
  }
}
