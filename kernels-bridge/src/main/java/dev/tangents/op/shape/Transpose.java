package dev.tangents.op.shape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reorders axes: axis i of the result is axis {@code permutation[i]} of the operand.
 *
 * @param permutation each axis of the operand once
 */
public record Transpose(List<Integer> permutation) implements Primitive {
  /** Copies the list. */
  public Transpose {
    permutation = List.copyOf(permutation);
  }

  /** {@code x} with its axes reordered. */
  public static Value transpose(Value x, List<Integer> permutation) {
    return x.builder().apply(new Transpose(permutation), x);
  }

  /** {@code x} with the given order of axes. */
  public static Value transpose(Value x, int... permutation) {
    return transpose(x, IntStream.of(permutation).boxed().toList());
  }

  /** {@code x} with axis {@code from} taken out and put in at position {@code to}. */
  public static Value moveAxis(Value x, int from, int to) {
    List<Integer> order = new ArrayList<>(identity(x.shape().rank()));
    order.remove(from);
    order.add(to, from);
    return transpose(x, order);
  }

  @Override
  public Optional<Value> simplify(List<Value> inputs) {
    Value x = inputs.get(0);
    TensorType type = resultType(List.of(x.type()));
    if (permutation.equals(identity(permutation.size()))) {
      return Optional.of(x);
    }
    Optional<Value> splat = x.builder().splatAs(type, x);
    // Where only axes of extent 1 move, the elements stay in place.
    return splat.isEmpty() && keepsOrder(x.shape(), permutation)
        ? Optional.of(Reshape.reshape(x, type.shape()))
        : splat;
  }

  @Override
  public String name() {
    return "transpose";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    Shape shape = inputs.get(0).shape();
    if (!permutation.stream().sorted().toList().equals(identity(shape.rank()))) {
      throw TangentsException.model(
          "transpose: %s is not an order of the %d axes of %s", permutation, shape.rank(), shape);
    }
    return inputs.get(0).withShape(Shape.of(permutation.stream().mapToLong(shape::dim).toArray()));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return Tangent.of(transpose(tangents.get(0).materialise(site.builder()), permutation));
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    List<Integer> inverse =
        identity(permutation.size()).stream().map(permutation::indexOf).toList();
    return List.of(Tangent.of(transpose(cotangent, inverse)));
  }

  /** 1 or -1: the sign of the order into which it brings the elements. */
  @Override
  public Optional<LogDeterminant> determinant(Site site, int operand) {
    GraphBuilder builder = site.builder();
    int sign = sign(site.input(0).shape());
    return Optional.of(
        new LogDeterminant(builder.splat(Shape.scalar(), sign), builder.splat(Shape.scalar(), 0)));
  }

  /**
   * The sign of the permutation of the elements of {@code shape}: a pair of axes of extents a and b
   * that change places inverts a(a-1)/2 b(b-1)/2 pairs of elements for each of the other indices.
   */
  public int sign(Shape shape) {
    boolean odd = false;
    for (int i = 0; i < permutation.size(); i++) {
      for (int j = 0; j < i; j++) {
        long a = shape.dim(permutation.get(j));
        long b = shape.dim(permutation.get(i));
        if (permutation.get(j) > permutation.get(i) && a > 1 && b > 1) {
          long others = shape.size() / (a * b);
          odd ^= oddPairs(a) && oddPairs(b) && others % 2 == 1;
        }
      }
    }
    return odd ? -1 : 1;
  }

  /** Whether n (n - 1) / 2 is odd. */
  private static boolean oddPairs(long n) {
    return n % 4 > 1;
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    List<Integer> order = new ArrayList<>(List.of(0));
    permutation.forEach(axis -> order.add(axis + 1));
    return transpose(inputs.get(0).value(), order);
  }

  private static List<Integer> identity(int rank) {
    return IntStream.range(0, rank).boxed().toList();
  }

  private static boolean keepsOrder(Shape shape, List<Integer> permutation) {
    List<Integer> moving = permutation.stream().filter(axis -> shape.dim(axis) != 1).toList();
    return moving.equals(moving.stream().sorted().toList());
  }
}
