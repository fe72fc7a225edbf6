package dev.tangents.op.linalg;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Matrix product Y = op(A) op(B), where op transposes the last two axes or not. A is [B..., m, k]
 * and B is [B..., k, n] after op, with equal leading axes; Y is [B..., m, n]. The flags make the
 * family closed under differentiation, so no rule ever copies a transposed matrix.
 *
 * @param transposeLeft whether A is stored as [B..., k, m]
 * @param transposeRight whether B is stored as [B..., n, k]
 */
public record MatMul(boolean transposeLeft, boolean transposeRight) implements Primitive {
  /** A B. */
  public static Value matMul(Value a, Value b) {
    return a.builder().apply(new MatMul(false, false), a, b);
  }

  /** A B^T. */
  public static Value matMulTransposed(Value a, Value b) {
    return a.builder().apply(new MatMul(false, true), a, b);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value a = inputs.get(0);
    Value b = inputs.get(1);
    GraphBuilder builder = a.builder();
    if (builder.isSplat(a, 0) || builder.isSplat(b, 0)) {
      return Optional.of(builder.splat(resultType(List.of(a.type(), b.type())).shape(), 0));
    }
    // The cotangent of a readout is the identity: its product costs nothing and is never formed.
    if (builder.literal(a).filter(MatMul::isIdentity).isPresent()) {
      return Optional.of(transposeRight ? swapLast(b) : b);
    }
    if (builder.literal(b).filter(MatMul::isIdentity).isPresent()) {
      return Optional.of(transposeLeft ? swapLast(a) : a);
    }
    return transposeLeft || a.shape().rank() != 2
        ? Optional.empty()
        : DiagonalProduct.of(a).map(d -> d.times(transposeRight ? swapLast(b) : b));
  }

  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    Shape a = inputs.get(0).shape();
    Shape b = inputs.get(1).shape();
    int rank = a.rank();
    boolean real = inputs.get(0).isReal() && inputs.get(1).isReal();
    if (!real || rank < 2 || b.rank() != rank || !lead(a).equals(lead(b))) {
      throw TangentsException.model(
          "matmul: expected two real operands of one rank, at least 2, with equal leading axes; got %s and"
              + " %s",
          inputs.get(0), inputs.get(1));
    }
    long inner = a.dim(transposeLeft ? -2 : -1);
    long other = b.dim(transposeRight ? -1 : -2);
    if (inner != other) {
      throw TangentsException.model(
          "matmul: inner extents differ, %d of %s%s and %d of %s%s",
          inner,
          a,
          transposeLeft ? " transposed" : "",
          other,
          b,
          transposeRight ? " transposed" : "");
    }
    return inputs.get(0).withShape(lead(a).concat(Shape.of(rows(a), columns(b))));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    Value left =
        tangents.get(0) instanceof Tangent.Of of ? product(of.value(), site.input(1)) : null;
    Value right =
        tangents.get(1) instanceof Tangent.Of of ? product(site.input(0), of.value()) : null;
    if (left == null) {
      return Tangent.of(right);
    }
    return Tangent.of(right == null ? left : Add.add(left, right));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    Value a = site.input(0);
    Value b = site.input(1);
    // op(A)' = W op(B)^T and op(B)' = op(A)^T W, written so that each comes out as A and B are
    // stored.
    Value byA =
        transposeLeft
            ? new MatMul(transposeRight, true).product(b, cotangent)
            : new MatMul(false, !transposeRight).product(cotangent, b);
    Value byB =
        transposeRight
            ? new MatMul(true, transposeLeft).product(cotangent, a)
            : new MatMul(!transposeLeft, false).product(a, cotangent);
    return List.of(Tangent.of(byA), Tangent.of(byB));
  }

  /**
   * The determinant by A [m, n], where B is square, is det(B)^m, for each row is multiplied by
   * op(B); the order of the elements of a transposed A gives its sign. By B alike. Known for single
   * matrices.
   */
  @Override
  public Optional<LogDeterminant> determinant(Site site, int operand) {
    Value moving = site.input(operand);
    Value fixed = site.input(1 - operand);
    Shape square = fixed.shape();
    if (square.rank() != 2 || square.dim(0) != square.dim(1) || square.dim(0) == 0) {
      return Optional.empty();
    }
    boolean transposed = operand == 0 ? transposeLeft : transposeRight;
    int order = transposed ? new Transpose(List.of(1, 0)).sign(moving.shape()) : 1;
    long times = moving.shape().size() / square.dim(0);
    Value sign = DetSign.detSign(fixed);
    Value power = times % 2 == 1 ? sign : Mul.mul(sign, sign);
    return Optional.of(
        new LogDeterminant(
            Mul.scale(power, order), Mul.scale(LogAbsDet.logAbsDet(fixed), (double) times)));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    Mapped a = inputs.get(0);
    Mapped b = inputs.get(1);
    if (a.mapped() && b.mapped()) {
      return product(a.value(), b.value());
    }
    return a.mapped() ? batchLeft(a, b.value()) : batchRight(a.value(), b);
  }

  /**
   * One product with the samples joined to the rows: [N m, k] [k, n], a single GEMM where B... is
   * empty.
   */
  private Value batchLeft(Mapped a, Value b) {
    int lead = b.shape().rank() - 2;
    Value left = moveAxis(a.value(), 0, lead); // [B..., N, m, k] or [B..., N, k, m]
    if (transposeLeft) {
      left = swapLast(left);
    }
    Shape shape = left.shape();
    long samples = shape.dim(lead);
    long rows = shape.dim(lead + 1);
    Shape head = shape.slice(0, lead);
    Value joined = reshape(left, head.concat(Shape.of(samples * rows, shape.dim(-1))));
    Value y = new MatMul(false, transposeRight).product(joined, b);
    Value split = reshape(y, head.concat(Shape.of(samples, rows, y.shape().dim(-1))));
    return moveAxis(split, lead, 0);
  }

  /**
   * The transposed product, so that the samples again join the rows: Y^T = op(B)^T op(A)^T. An
   * outer product a (x) b, as a layer's weights have for a gradient, is formed upright for each
   * sample: to repeat a is cheaper than to transpose the result.
   */
  private Value batchRight(Value a, Mapped b) {
    if (a.shape().dim(transposeLeft ? -2 : -1) == 1) {
      long samples = b.value().shape().dim(0);
      return product(Broadcast.leading(a, a.shape().insert(0, samples)), b.value());
    }
    MatMul mirrored = new MatMul(!transposeRight, !transposeLeft);
    return swapLast(mirrored.batchLeft(b, a));
  }

  private Value product(Value a, Value b) {
    return a.builder().apply(this, a, b);
  }

  /** The transposes of {@code x} [B..., m, n]. */
  static Value swapLast(Value x) {
    int rank = x.shape().rank();
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank - 2).boxed().toList());
    order.add(rank - 1);
    order.add(rank - 2);
    return transpose(x, order);
  }

  private static boolean isIdentity(Literal literal) {
    Shape shape = literal.type().shape();
    return shape.rank() == 2
        && shape.dim(0) == shape.dim(1)
        && literal.isIdentity((int) shape.dim(0));
  }

  private static Shape lead(Shape shape) {
    return shape.slice(0, shape.rank() - 2);
  }

  private long rows(Shape a) {
    return a.dim(transposeLeft ? -1 : -2);
  }

  private long columns(Shape b) {
    return b.dim(transposeRight ? -2 : -1);
  }
}
