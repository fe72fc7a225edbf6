package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;

/**
 * Sizes of packed factors, which {@code pack.cu} lays out for the tensor cores of sm_90: pieces of
 * 128 rows x 128 bytes, those of the same rows one behind the other.
 */
final class Pieces {
  /** Rows of a piece. */
  static final int ROWS = 128;

  /** Threads of a block that packs one piece. */
  static final int THREADS = 256;

  /** Bytes of a piece. */
  private static final int BYTES = 16_384;

  private Pieces() {}

  /** Pieces side by side for {@code inner} numbers of a row. */
  static int slices(int inner, Arithmetic arithmetic) {
    int width = arithmetic == Arithmetic.BF16 ? 64 : 32;
    return (inner + width - 1) / width;
  }

  /** Pieces of a factor [rows, inner]. */
  static long count(long rows, int inner, Arithmetic arithmetic) {
    return (rows + ROWS - 1) / ROWS * slices(inner, arithmetic);
  }

  /** Bytes from a piece to the next: 3xTF32 keeps behind each what rounding has left over. */
  static long stride(Arithmetic arithmetic) {
    return arithmetic == Arithmetic.TF32X3 ? 2L * BYTES : BYTES;
  }

  /** Bytes of a packed factor [rows, inner]. */
  static long bytes(long rows, int inner, Arithmetic arithmetic) {
    return count(rows, inner, arithmetic) * stride(arithmetic);
  }
}
