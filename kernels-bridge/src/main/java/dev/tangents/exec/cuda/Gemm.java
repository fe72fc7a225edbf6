package dev.tangents.exec.cuda;

/**
 * A stack of matrix products in BLAS's terms: column-major C = op(A) op(B), C [m, n], op(A) [m, k],
 * op(B) [k, n]. Distances are counted in numbers.
 *
 * @param transposeA whether A is stored as [k, m]
 * @param transposeB whether B is stored as [n, k]
 * @param lda distance of A's columns
 * @param ldb distance of B's columns
 * @param strideA from one A of the stack to the next; 0 repeats it
 * @param strideB from one B of the stack to the next; 0 repeats it
 * @param batch number of products; each C follows the one before
 */
record Gemm(
    boolean transposeA,
    boolean transposeB,
    int m,
    int n,
    int k,
    int lda,
    int ldb,
    long strideA,
    long strideB,
    int batch) {
  /** Floating-point operations. */
  double flops() {
    return 2.0 * m * n * k * batch;
  }
}
