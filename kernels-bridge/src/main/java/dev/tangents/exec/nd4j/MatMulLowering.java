package dev.tangents.exec.nd4j;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.MatMul;

/**
 * Matrix products by the BLAS that ND4J ships. Called directly: {@code Nd4j.gemm} ends in the very
 * same function, as fast for large matrices, but needs an array object a matrix, which a loop over
 * the slices of a batch cannot afford, and takes row-major results by transposing everything.
 */
final class MatMulLowering {
  private MatMulLowering() {}

  /** The lowering. */
  static Lowering<MatMul> lowering() {
    return new Lowering<>(MatMul.class, false, false, MatMulLowering::lower);
  }

  private static Step lower(MatMul matMul, Call call) {
    Shape left = call.operand(0).shape();
    int rows = (int) call.shape().dim(-2);
    int columns = (int) call.shape().dim(-1);
    int inner = (int) left.dim(matMul.transposeLeft() ? -2 : -1);
    if (inner == 0) {
      return frame -> frame.at(call.slot()).fill(0, call.size(), 0);
    }
    int batch = (int) left.slice(0, left.rank() - 2).size();
    if (rows == 1 && columns == 1) {
      return new DotStep(call, batch, inner);
    }
    if (inner == 1) {
      return new OuterStep(call, batch, rows, columns);
    }
    boolean rowsByRows = batch == 1 && !matMul.transposeLeft() && matMul.transposeRight();
    if (rowsByRows
        && call.scratch().precision() == Precision.FLOAT
        && LongProduct.pays(rows, columns, inner, BlasKernels.inUse())) {
      return new LongProduct(call, rows, columns, inner);
    }
    return new Gemm(matMul, call, batch, rows, columns, inner);
  }

  /** One product a slice: [rows, inner] [inner, columns]. */
  private record Gemm(MatMul matMul, Call call, int batch, int rows, int columns, int inner)
      implements Step {
    @Override
    public void run(Frame frame) {
      NativeBuffer a = frame.at(call.operand(0).slot());
      NativeBuffer b = frame.at(call.operand(1).slot());
      NativeBuffer y = frame.at(call.slot());
      for (int i = 0; i < batch; i++) {
        slice(a, i * rows * inner, b, i * inner * columns, y, i * rows * columns);
      }
    }

    private void slice(NativeBuffer a, int aAt, NativeBuffer b, int bAt, NativeBuffer y, int yAt) {
      int ta = matMul.transposeLeft() ? CblasTrans : CblasNoTrans;
      int tb = matMul.transposeRight() ? CblasTrans : CblasNoTrans;
      int lda = matMul.transposeLeft() ? rows : inner;
      int ldb = matMul.transposeRight() ? inner : columns;
      if (y.isFloat()) {
        cblas_sgemm(
            CblasRowMajor,
            ta,
            tb,
            rows,
            columns,
            inner,
            1,
            a.floatsAt(aAt),
            lda,
            b.floatsAt(bAt),
            ldb,
            0,
            y.floatsAt(yAt),
            columns);
      } else {
        cblas_dgemm(
            CblasRowMajor,
            ta,
            tb,
            rows,
            columns,
            inner,
            1,
            a.doublesAt(aAt),
            lda,
            b.doublesAt(bAt),
            ldb,
            0,
            y.doublesAt(yAt),
            columns);
      }
    }
  }
}
