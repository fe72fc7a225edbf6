package dev.tangents.exec.nd4j;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A single-precision product A B^T of the BLAS that the engine uses, with no engine around it: the
 * roofline that benchmarks quote. Runs on as many threads as the engine set.
 */
public final class RawSgemm implements AutoCloseable {
  private final int rows;
  private final int columns;
  private final int inner;
  private final FloatPointer a;
  private final FloatPointer b;
  private final FloatPointer y;

  /** Allocates A [rows, inner], B [columns, inner] and the result, and fills A and B. */
  public RawSgemm(int rows, int columns, int inner) {
    this.rows = rows;
    this.columns = columns;
    this.inner = inner;
    this.a = random((long) rows * inner, 1);
    this.b = random((long) columns * inner, 2);
    this.y = new FloatPointer((long) rows * columns);
  }

  /** Multiplies once. */
  public void run() {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasTrans,
        rows,
        columns,
        inner,
        1,
        a,
        inner,
        b,
        inner,
        0,
        y,
        columns);
  }

  /** Operations of one product, 2 rows columns inner. */
  public double flops() {
    return 2.0 * rows * columns * inner;
  }

  @Override
  public void close() {
    a.close();
    b.close();
    y.close();
  }

  private static FloatPointer random(long count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FloatPointer pointer = new FloatPointer(count);
    for (long i = 0; i < count; i++) {
      pointer.put(i, (float) random.nextDouble(-1, 1));
    }
    return pointer;
  }
}
