package dev.tangents.kernel;

import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.linalg.MatMul;

/**
 * A pair of uses of which the row's is multiplied out and the column's is not:
 *
 * <pre>  G_o(n) = sum_t left_t (x) right_ot,   Y_o(n, m, t') = G_o(n)^T left'_t'(m),
 *   K_op(n, m) = sum_t' &lt;Y_o(n, m, t'), right'_pt'(m)&gt;</pre>
 *
 * <p>(Novak, Sohl-Dickstein, Schoenholz 2022.) G is formed once a tile, and Y is laid out so that
 * it is never moved.
 *
 * @param kind what happens to the outputs
 * @param left factor of the row samples along the view's rows, [N, T, r] or [N, O, T, r]
 * @param right factor along its columns, [N, O, T, s] or [N, T, s]; one of the two has outputs
 * @param columnLeft factor of the column samples, [M, T', r]
 * @param columnRight the other, [M, O, T', s]
 */
record HalfWay(KernelKind kind, Value left, Value right, Value columnLeft, Value columnRight) {
  /** The kernel blocks: [n, m], [O, n, m] or [O, O, n, m], as the kind has them. */
  Value blocks() {
    Shape column = columnRight.shape();
    long m = column.dim(0);
    long outputs = column.dim(1);
    long positions = column.dim(2);
    long s = column.dim(3);
    Value inputs = reshape(columnLeft, m * positions, columnLeft.shape().dim(2));
    long r = inputs.shape().dim(1);
    if (kind == KernelKind.FULL) {
      Value g = gradients("sNOr");
      long n = g.shape().dim(1);
      Value y = matMulTransposed(inputs, reshape(g, s * n * outputs, r));
      Value right = reshape(columnRight, m, outputs, positions * s);
      Value k = matMul(right, reshape(y, m, positions * s, n * outputs));
      return transpose(reshape(k, m, outputs, n, outputs), 3, 1, 2, 0);
    }
    Value g = gradients("OsNr");
    long n = g.shape().dim(2);
    Value y = matMulTransposed(inputs, reshape(g, outputs * s * n, r));
    if (kind == KernelKind.PER_OUTPUT) {
      Value apart = transpose(reshape(y, m, positions, outputs, s, n), 0, 2, 1, 3, 4);
      Value right = reshape(columnRight, m * outputs, 1, positions * s);
      Value k = matMul(right, reshape(apart, m * outputs, positions * s, n));
      return transpose(reshape(k, m, outputs, n), 1, 2, 0);
    }
    Value right = reshape(transpose(columnRight, 0, 2, 1, 3), m, 1, positions * outputs * s);
    Value k = matMul(right, reshape(y, m, positions * outputs * s, n));
    return transpose(reshape(k, m, n), 1, 0);
  }

  /** The row samples' gradients with their axes (sample N, output O, view r and s) in an order. */
  private Value gradients(String order) {
    boolean rightHasOutputs = right.shape().rank() == 4;
    Value with = rightHasOutputs ? right : left;
    Value without = rightHasOutputs ? left : right;
    Shape shape = with.shape();
    Value lanes = transpose(with, 0, 2, 1, 3); // [N, T, O, a]
    Value flat = reshape(lanes, shape.dim(0), shape.dim(2), shape.dim(1) * shape.dim(3));
    Value product = flat.builder().apply(new MatMul(true, false), flat, without); // [N, O a, b]
    Value g = reshape(product, shape.dim(0), shape.dim(1), shape.dim(3), without.shape().dim(2));
    String axes = rightHasOutputs ? "NOsr" : "NOrs";
    return transpose(g, order.chars().map(axes::indexOf).toArray());
  }
}
