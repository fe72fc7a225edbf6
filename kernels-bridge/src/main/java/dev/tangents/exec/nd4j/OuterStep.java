package dev.tangents.exec.nd4j;

/**
 * Outer products y = a (x) b, one a slice: [rows] and [columns] to [rows, columns]. In Java: it is
 * bound by the writing of y, and BLAS would first pack a and b, in a call for each slice.
 */
final class OuterStep implements Step {
  /** The part of b that the tile before read. */
  private static final int KEPT = -1;

  private final Call call;
  private final int batch;
  private final int rows;
  private final int columns;

  /** What is computed at once: many slices, or many rows of one, or a part of one row. */
  private final int slices;

  private final int height;
  private final int width;

  OuterStep(Call call, int batch, int rows, int columns) {
    this.call = call;
    this.batch = batch;
    this.rows = rows;
    this.columns = columns;
    this.width = Math.min(columns, Scratch.CHUNK);
    this.height = width == columns ? Math.min(rows, Scratch.CHUNK / Math.max(1, width)) : 1;
    this.slices =
        width == columns && height == rows
            ? Math.min(batch, Scratch.CHUNK / Math.max(1, rows * columns))
            : 1;
  }

  @Override
  public void run(Frame frame) {
    NativeBuffer a = frame.at(call.operand(0).slot());
    NativeBuffer b = frame.at(call.operand(1).slot());
    NativeBuffer y = frame.at(call.slot());
    for (int slice = 0; slice < batch; slice += slices) {
      int n = Math.min(slices, batch - slice);
      for (int column = 0; column < columns; column += width) {
        int wide = Math.min(width, columns - column);
        for (int row = 0; row < rows; row += height) {
          int high = Math.min(height, rows - row);
          int right = row == 0 ? slice * columns + column : KEPT;
          Tile tile = new Tile(slice * rows + row, right, n, high, wide);
          int to = slice * rows * columns + row * columns + column;
          if (y.isFloat()) {
            floats(a, b, y, to, tile);
          } else {
            doubles(a, b, y, to, tile);
          }
        }
      }
    }
  }

  /**
   * A run of the result that lies in one piece.
   *
   * @param left where its first row is in a
   * @param right where its first column is in b, or {@link #KEPT}
   */
  private record Tile(int left, int right, int slices, int rows, int columns) {}

  private void floats(NativeBuffer a, NativeBuffer b, NativeBuffer y, int to, Tile tile) {
    float[] left = call.scratch().floats(0);
    float[] right = call.scratch().floats(1);
    float[] block = call.scratch().floats(2);
    a.get(tile.left(), left, tile.slices() * tile.rows());
    if (tile.right() != KEPT) {
      b.get(tile.right(), right, tile.slices() * tile.columns());
    }
    int n = tile.columns();
    for (int row = 0; row < tile.slices() * tile.rows(); row++) {
      int from = row / tile.rows() * n;
      float factor = left[row];
      for (int j = 0; j < n; j++) {
        block[row * n + j] = factor * right[from + j];
      }
    }
    y.set(to, block, tile.slices() * tile.rows() * n);
  }

  private void doubles(NativeBuffer a, NativeBuffer b, NativeBuffer y, int to, Tile tile) {
    double[] left = call.scratch().doubles(0);
    double[] right = call.scratch().doubles(1);
    double[] block = call.scratch().doubles(2);
    a.get(tile.left(), left, tile.slices() * tile.rows());
    if (tile.right() != KEPT) {
      b.get(tile.right(), right, tile.slices() * tile.columns());
    }
    int n = tile.columns();
    for (int row = 0; row < tile.slices() * tile.rows(); row++) {
      int from = row / tile.rows() * n;
      double factor = left[row];
      for (int j = 0; j < n; j++) {
        block[row * n + j] = factor * right[from + j];
      }
    }
    y.set(to, block, tile.slices() * tile.rows() * n);
  }
}
