package dev.tangents.importer.onnx;

import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.linalg.MatMul;

/** Matrix products. A weight stays the right operand of a product of two matrices if it can. */
final class ProductOps {
  private ProductOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.same("MatMul", call -> matMul(call.value(0), call.value(1)));
    table.same("Gemm", ProductOps::gemm);
    table.same("Einsum", Einsum::apply);
  }

  /** alpha op(A) op(B) + beta C. */
  private static Value gemm(NodeCall call) {
    MatMul product = new MatMul(call.integer("transA", 0) != 0, call.integer("transB", 0) != 0);
    Value y = call.builder().apply(product, call.value(0), call.value(1));
    y = scaled(y, call.number("alpha", 1));
    if (!call.has(2)) {
      return y;
    }
    Value c = scaled(call.value(2), call.number("beta", 1));
    return Add.add(y, Broadcasting.to(c, y.shape()));
  }

  private static Value scaled(Value x, double factor) {
    return factor == 1 ? x : scale(x, factor);
  }

  /**
   * NumPy's matmul: a vector is a row on the left and a column on the right, and leading axes
   * broadcast. Where the right operand is one matrix, the positions of the left join its rows: one
   * product of two matrices, in which the kernel sees a weight with T positions.
   */
  static Value matMul(Value a, Value b) {
    if (a.shape().rank() == 0 || b.shape().rank() == 0) {
      throw TangentsException.model(
          "expected operands of rank 1 or more, got %s and %s", a.shape(), b.shape());
    }
    if (a.shape().rank() == 1) {
      Value y = matMul(reshape(a, a.shape().insert(0, 1)), b);
      return reshape(y, y.shape().remove(b.shape().rank() == 1 ? 0 : -2));
    }
    if (b.shape().rank() == 1) {
      Value y = matMul(a, reshape(b, b.shape().insert(1, 1)));
      return reshape(y, y.shape().remove(-1));
    }
    Shape left = lead(a);
    Shape right = lead(b);
    Shape tail = Shape.of(a.shape().dim(-2), b.shape().dim(-1));
    if (right.size() == 1 && right.rank() <= left.rank()) {
      Value rows = reshape(a, left.size() * a.shape().dim(-2), a.shape().dim(-1));
      Value matrix = reshape(b, b.shape().dim(-2), b.shape().dim(-1));
      return reshape(MatMul.matMul(rows, matrix), left.concat(tail));
    }
    Shape common = Broadcasting.common(left, right);
    Value y = MatMul.matMul(stack(a, common), stack(b, common));
    return reshape(y, common.concat(tail));
  }

  /** The matrices of {@code x}, repeated to the common leading axes, in a stack [B, m, n]. */
  private static Value stack(Value x, Shape common) {
    Shape matrix = Shape.of(x.shape().dim(-2), x.shape().dim(-1));
    Value full = Broadcasting.to(x, common.concat(matrix));
    return common.size() == 1
        ? reshape(full, matrix)
        : reshape(full, Shape.of(common.size()).concat(matrix));
  }

  private static Shape lead(Value x) {
    return x.shape().slice(0, x.shape().rank() - 2);
  }
}
