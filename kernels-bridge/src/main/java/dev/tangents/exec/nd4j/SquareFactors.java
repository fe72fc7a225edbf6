package dev.tangents.exec.nd4j;

/**
 * What a factorisation of a square matrix A [n, n] tells of it. An object has room for one matrix
 * and is used for one after the other: put it into {@link #matrix}, {@link #factor}, read. Not
 * thread-safe.
 */
interface SquareFactors {
  /** The factorisation that is quickest for matrices [n, n]. */
  static SquareFactors of(int n, Scratch scratch) {
    if (n == 2) {
      return new TwoByTwo();
    }
    return n >= BlockedLu.LEAST ? new BlockedLu(n, scratch) : new PivotedLu(n);
  }

  /** Where the next matrix is to be put, row-major, before {@link #factor}. */
  double[] matrix();

  /** Factors the matrix; what {@link #matrix} holds from now on is the factorisation's affair. */
  void factor();

  /** det A. */
  double determinant();

  /** The sign of det A, 0 if A is singular. */
  double sign();

  /** ln |det A|; -infinity if A is singular. */
  double logarithm();

  /** A^-1 into {@code x}, row-major; NaN if A is singular. */
  void inverse(double[] x);

  /** The cofactor matrix, d det A / dA, into {@code c}, row-major; exists for every A. */
  void cofactors(double[] c);
}
