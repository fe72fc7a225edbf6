package dev.tangents.op.linalg;

import static dev.tangents.op.shape.Broadcast.broadcast;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;

import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The product of diagonal matrices with a matrix. Unit cotangents that pass an elementwise function
 * become E[..., i, ..., k] = D[..., ..., k] where i = k and 0 elsewhere, i being the axis of the
 * units. Then
 *
 * <pre>  sum_k E[..., i, ..., k] B[k, j] = D[..., ..., i] B[i, j]</pre>
 *
 * <p>is an outer product for each i: k times fewer operations, and E with its zeros is not formed.
 *
 * @param axis that of i in E
 * @param diagonal D as a broadcast, which does not depend on that axis
 * @param node the broadcast
 */
record DiagonalProduct(int axis, Value diagonal, Broadcast node) {
  /**
   * A diagonal in {@code a} [m, k], whose rows are all axes of E but the last.
   *
   * @return empty if it is none
   */
  static Optional<DiagonalProduct> of(Value a) {
    GraphBuilder builder = a.builder();
    Value e = builder.operandOf(a, Reshape.class).orElse(a);
    boolean product =
        builder.node(e) instanceof Node.Apply apply && apply.primitive() instanceof Mul;
    boolean sameRows = e.shape().rank() > 1 && e.shape().dim(-1) == a.shape().dim(-1);
    if (!product || !sameRows) {
      return Optional.empty();
    }
    List<Integer> factors = ((Node.Apply) builder.node(e)).arguments();
    Value left = builder.value(factors.get(0));
    Value right = builder.value(factors.get(1));
    return of(left, right).or(() -> of(right, left));
  }

  private static Optional<DiagonalProduct> of(Value units, Value diagonal) {
    GraphBuilder builder = units.builder();
    int last = units.shape().rank() - 1;
    List<Integer> axes = unitAxes(units);
    if (axes.size() == 2
        && axes.get(1) == last
        && builder.node(diagonal) instanceof Node.Apply apply
        && apply.primitive() instanceof Broadcast node
        && !node.axes().contains(axes.get(0))
        && node.axes().contains(last)) {
      Value operand = builder.value(apply.arguments().get(0));
      return Optional.of(new DiagonalProduct(axes.get(0), operand, node));
    }
    return Optional.empty();
  }

  /** The two axes of a broadcast identity matrix, in order; none if the value is no such thing. */
  private static List<Integer> unitAxes(Value value) {
    GraphBuilder builder = value.builder();
    if (builder.node(value) instanceof Node.Apply apply
        && apply.primitive() instanceof Broadcast node) {
      return unitAxes(builder.value(apply.arguments().get(0))).stream()
          .map(node.axes()::get)
          .toList();
    }
    return builder.literal(value).map(DiagonalProduct::unitAxes).orElse(List.of());
  }

  private static List<Integer> unitAxes(Literal literal) {
    Shape shape = literal.type().shape();
    List<Integer> axes =
        IntStream.range(0, shape.rank()).filter(axis -> shape.dim(axis) != 1).boxed().toList();
    boolean square = axes.size() == 2 && shape.dim(axes.get(0)) == shape.dim(axes.get(1));
    return square && literal.isIdentity((int) shape.dim(axes.get(0))) ? axes : List.of();
  }

  /** The product with B [k, n], [m, n]. */
  Value times(Value b) {
    long k = b.shape().dim(0);
    long n = b.shape().dim(1);
    Shape target = node.target();
    List<Integer> axes = new ArrayList<>();
    node.axes().forEach(a -> axes.add(a > axis ? a - 1 : a));
    Shape rest = target.remove(axis);
    Value upright = moveAxis(broadcast(diagonal, rest, axes), rest.rank() - 1, axis);
    long before = upright.shape().slice(0, axis).size();
    long behind = upright.shape().slice(axis + 1, rest.rank()).size();
    Value columns = reshape(upright, before * k, behind, 1);
    Value rows = reshape(Broadcast.leading(b, Shape.of(before, k, n)), before * k, 1, n);
    return reshape(MatMul.matMul(columns, rows), before * k * behind, n);
  }
}
