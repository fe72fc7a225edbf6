package dev.tangents.exec.nd4j;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.List;

/**
 * A B^T of a few long rows each, [rows, inner] [columns, inner]^T in float: the Gram matrix of
 * gradients. BLAS copies its operands into an order of its own before it multiplies, which takes as
 * long as the product itself where each number is used by few rows. For small products it has
 * kernels that read operands as they lie, so the product is cut into such ones, whose operands stay
 * in the cache until every pair of blocks has met. Measured, one core, rows and columns 147,456
 * long, as a share of a large sgemm: 32 rows 0.39 as one product and 0.63 in blocks, 64 rows 0.43
 * and 0.59, 128 rows 0.61 both ways.
 *
 * @param call what is multiplied
 * @param rows of A
 * @param columns rows of B
 * @param inner length of both's rows
 */
record LongProduct(Call call, int rows, int columns, int inner) implements Step {
  /** The most rows of such a product; with more, the product as a whole is as fast. */
  private static final int MOST_ROWS = 96;

  private static final int LEAST_INNER = 4096;

  /** OpenBLAS takes its small kernels up to 100 x 100 x 100 operations: 16 x 32 x 1024 is half. */
  private static final int ROW_BLOCK = 16;

  private static final int COLUMN_BLOCK = 32;
  private static final int INNER_BLOCK = 1024;

  /** The families of kernels that have small ones. */
  private static final List<String> FAMILIES = List.of("SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS");

  /** Whether such a product is faster in blocks, on a family of kernels. */
  static boolean pays(int rows, int columns, int inner, String family) {
    return Math.max(rows, columns) <= MOST_ROWS
        && inner >= LEAST_INNER
        && FAMILIES.contains(family);
  }

  @Override
  public void run(Frame frame) {
    NativeBuffer a = frame.at(call.operand(0).slot());
    NativeBuffer given = frame.at(call.operand(1).slot());
    // A panel with itself is one buffer, whose one pointer cannot be at two places.
    NativeBuffer b = given == a ? given.view(0, given.length()) : given;
    NativeBuffer y = frame.at(call.slot());
    for (int k = 0; k < inner; k += INNER_BLOCK) {
      int length = Math.min(INNER_BLOCK, inner - k);
      for (int i = 0; i < rows; i += ROW_BLOCK) {
        for (int j = 0; j < columns; j += COLUMN_BLOCK) {
          cblas_sgemm(
              CblasRowMajor,
              CblasNoTrans,
              CblasTrans,
              Math.min(ROW_BLOCK, rows - i),
              Math.min(COLUMN_BLOCK, columns - j),
              length,
              1,
              a.floatsAt(i * inner + k),
              inner,
              b.floatsAt(j * inner + k),
              inner,
              k == 0 ? 0 : 1,
              y.floatsAt(i * columns + j),
              columns);
        }
      }
    }
  }
}
