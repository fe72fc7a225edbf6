package dev.tangents.exec.nd4j;

import dev.tangents.exec.Precision;
import java.util.Arrays;

/**
 * One inner product a slice, z_i = sum_k a_ik b_ik, summed in double: BLAS would be called for
 * each, which takes longer than the product.
 */
final class DotStep implements Step {
  private final Call call;
  private final int batch;
  private final int inner;

  /** Inner products of {@code batch} slices of {@code inner} numbers each. */
  DotStep(Call call, int batch, int inner) {
    this.call = call;
    this.batch = batch;
    this.inner = inner;
  }

  /** Slices are read as many at once as there is room for, a longer one in pieces. */
  @Override
  public void run(Frame frame) {
    NativeBuffer z = frame.at(call.slot());
    double[] sums = call.scratch().sums();
    int most = Math.max(1, Scratch.CHUNK / inner);
    for (int first = 0; first < batch; first += most) {
      int slices = Math.min(most, batch - first);
      Arrays.fill(sums, 0, slices, 0);
      for (int from = 0; from < inner; from += Scratch.CHUNK) {
        add(frame, first * inner + from, slices, Math.min(Scratch.CHUNK, inner - from), sums);
      }
      for (int i = 0; i < slices; i++) {
        z.put(first + i, sums[i]);
      }
    }
  }

  /** Adds the products of {@code slices} times {@code length} numbers from {@code from} on. */
  private void add(Frame frame, int from, int slices, int length, double[] sums) {
    NativeBuffer a = frame.at(call.operand(0).slot());
    NativeBuffer b = frame.at(call.operand(1).slot());
    if (call.scratch().precision() == Precision.FLOAT) {
      float[] x = call.scratch().floats(0);
      float[] y = call.scratch().floats(1);
      a.get(from, x, slices * length);
      b.get(from, y, slices * length);
      for (int i = 0; i < slices; i++) {
        sums[i] += dot(x, y, i * length, (i + 1) * length);
      }
    } else {
      double[] x = call.scratch().doubles(0);
      double[] y = call.scratch().doubles(1);
      a.get(from, x, slices * length);
      b.get(from, y, slices * length);
      for (int i = 0; i < slices; i++) {
        sums[i] += dot(x, y, i * length, (i + 1) * length);
      }
    }
  }

  /** Sums in four parts, so that one addition need not wait for another. */
  private static double dot(float[] x, float[] y, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += (double) x[i] * y[i];
      b += (double) x[i + 1] * y[i + 1];
      c += (double) x[i + 2] * y[i + 2];
      d += (double) x[i + 3] * y[i + 3];
    }
    for (; i < to; i++) {
      a += (double) x[i] * y[i];
    }
    return (a + b) + (c + d);
  }

  private static double dot(double[] x, double[] y, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
    }
    for (; i < to; i++) {
      a += x[i] * y[i];
    }
    return (a + b) + (c + d);
  }
}
