package dev.tangents.exec.nd4j;

/**
 * Outer products y = a (x) b, one a slice: [rows] and [columns] to [rows, columns]. In Java: it is
 * bound by the writing of y, and BLAS would first pack a and b, in a call for each slice.
 */
final class OuterStep implements Step {
  private final Call call;
  private final int batch;
  private final int rows;
  private final int columns;
  private final int width;
  private final int height;

  OuterStep(Call call, int batch, int rows, int columns) {
    this.call = call;
    this.batch = batch;
    this.rows = rows;
    this.columns = columns;
    this.width = Math.min(columns, Scratch.CHUNK);
    // Whole rows of the result are written together, as many as fit; parts of a row alone.
    this.height = Math.min(rows, width == columns ? Scratch.CHUNK / width : 1);
  }

  @Override
  public void run(Frame frame) {
    NativeBuffer a = frame.at(call.operand(0).slot());
    NativeBuffer b = frame.at(call.operand(1).slot());
    NativeBuffer y = frame.at(call.slot());
    for (int slice = 0; slice < batch; slice++) {
      for (int column = 0; column < columns; column += width) {
        int n = Math.min(width, columns - column);
        int from = slice * columns + column;
        int to = slice * rows * columns + column;
        if (y.isFloat()) {
          floats(a, slice * rows, b, from, y, to, n);
        } else {
          doubles(a, slice * rows, b, from, y, to, n);
        }
      }
    }
  }

  private void floats(
      NativeBuffer a, int aAt, NativeBuffer b, int bAt, NativeBuffer y, int to, int n) {
    float[] left = call.scratch().floats(0);
    float[] right = call.scratch().floats(1);
    float[] block = call.scratch().floats(2);
    b.get(bAt, right, n);
    for (int row = 0; row < rows; row += height) {
      int lines = Math.min(height, rows - row);
      a.get(aAt + row, left, lines);
      for (int i = 0; i < lines; i++) {
        scale(left[i], right, block, i * n, n);
      }
      y.set(to + row * columns, block, lines * n);
    }
  }

  private void doubles(
      NativeBuffer a, int aAt, NativeBuffer b, int bAt, NativeBuffer y, int to, int n) {
    double[] left = call.scratch().doubles(0);
    double[] right = call.scratch().doubles(1);
    double[] block = call.scratch().doubles(2);
    b.get(bAt, right, n);
    for (int row = 0; row < rows; row += height) {
      int lines = Math.min(height, rows - row);
      a.get(aAt + row, left, lines);
      for (int i = 0; i < lines; i++) {
        scale(left[i], right, block, i * n, n);
      }
      y.set(to + row * columns, block, lines * n);
    }
  }

  private static void scale(float factor, float[] x, float[] y, int at, int n) {
    for (int j = 0; j < n; j++) {
      y[at + j] = factor * x[j];
    }
  }

  private static void scale(double factor, double[] x, double[] y, int at, int n) {
    for (int j = 0; j < n; j++) {
      y[at + j] = factor * x[j];
    }
  }
}
