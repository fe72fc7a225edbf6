package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import java.util.ArrayList;
import java.util.List;

/**
 * NumPy's broadcasting, which ONNX uses: shapes are aligned at the right, and an extent of 1 fits
 * any other.
 */
final class Broadcasting {
  private Broadcasting() {}

  /**
   * The shape that both fit.
   *
   * @throws TangentsException of category MODEL if there is none
   */
  static Shape common(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    long[] dims = new long[rank];
    for (int i = 0; i < rank; i++) {
      long x = fromRight(a, rank - i);
      long y = fromRight(b, rank - i);
      if (x != y && x != 1 && y != 1) {
        throw TangentsException.model("shapes %s and %s do not broadcast", a, b);
      }
      dims[i] = x == 1 ? y : x;
    }
    return Shape.of(dims);
  }

  /**
   * {@code x} repeated to {@code target}.
   *
   * @throws TangentsException of category MODEL if it does not fit
   */
  static Value to(Value x, Shape target) {
    Shape shape = x.shape();
    int offset = target.rank() - shape.rank();
    if (offset < 0 || !common(shape, target).equals(target)) {
      throw TangentsException.model("shape %s does not broadcast to %s", shape, target);
    }
    List<Integer> axes = new ArrayList<>();
    List<Long> kept = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dim(i) == target.dim(i + offset)) {
        axes.add(i + offset);
        kept.add(shape.dim(i));
      }
    }
    Shape inner = Shape.of(kept.stream().mapToLong(Long::longValue).toArray());
    return Broadcast.broadcast(Reshape.reshape(x, inner), target, axes);
  }

  private static long fromRight(Shape shape, int position) {
    return position <= shape.rank() ? shape.dim(-position) : 1;
  }
}
