package dev.tangents.exec.reference;

import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.MatMul;
import java.util.List;

/** The matrix product as three loops and a loop over the leading axes. */
final class MatMulKernel {
  private MatMulKernel() {}

  /** Adds this family's kernel. */
  static void register(ReferenceKernels.Table table) {
    table.add(MatMul.class, MatMulKernel::multiply);
  }

  private static double[] multiply(
      MatMul matMul, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] a = operands.get(0);
    double[] b = operands.get(1);
    int rows = (int) result.dim(-2);
    int columns = (int) result.dim(-1);
    int inner = (int) shapes.get(0).dim(matMul.transposeLeft() ? -2 : -1);
    double[] y = new double[result.intSize()];
    int batch = (int) result.slice(0, result.rank() - 2).size();
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double sum = 0;
          for (int k = 0; k < inner; k++) {
            int left = matMul.transposeLeft() ? k * rows + i : i * inner + k;
            int right = matMul.transposeRight() ? j * inner + k : k * columns + j;
            sum += a[n * rows * inner + left] * b[n * inner * columns + right];
          }
          y[(n * rows + i) * columns + j] = sum;
        }
      }
    }
    return y;
  }
}
