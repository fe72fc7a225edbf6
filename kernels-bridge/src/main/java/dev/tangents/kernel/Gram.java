package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;
import static dev.tangents.op.shape.Broadcast.broadcast;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Greater;
import dev.tangents.op.index.Gather;
import dev.tangents.op.reduce.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Inner products of one factor of the row panel with one of the column panel, with named axes
 * always in the order of {@link Axis}. An axis that does not matter is absent, and comes in when
 * two are multiplied.
 *
 * @param value the inner products
 * @param axes the axes of {@code value}, in order
 */
record Gram(Value value, List<Axis> axes) {
  /** Copies the list. */
  Gram {
    axes = List.copyOf(axes);
  }

  /** Axes of an inner product. */
  enum Axis {
    /** Output of the row sample, o; also the one output where o = p. */
    ROW_OUTPUT,
    /** Output of the column sample, p. */
    COLUMN_OUTPUT,
    /** Row sample, n. */
    ROW,
    /** Position in the row sample, t. */
    ROW_POSITION,
    /** Column sample, m. */
    COLUMN,
    /** Position in the column sample, t'. */
    COLUMN_POSITION
  }

  /**
   * A factor with its axes: some of sample, output and position, then the width.
   *
   * @param rows whether it holds the numbers of rows of a table, of width 1
   */
  record Operand(Value value, List<Axis> axes, boolean rows) {
    /** Copies the list. */
    Operand {
      axes = List.copyOf(axes);
    }

    /** The axes brought to the given order, then flattened to [rows, width]. */
    private Value matrix(List<Axis> order, boolean outputIntoWidth) {
      List<Integer> permutation = new ArrayList<>(order.stream().map(axes::indexOf).toList());
      long rows = order.stream().mapToLong(this::extent).reduce(1, Math::multiplyExact);
      if (outputIntoWidth) {
        permutation.add(outputAxis());
      }
      permutation.add(axes.size());
      Value moved = transpose(value, permutation);
      return reshape(moved, rows, rows == 0 ? value.shape().dim(-1) : moved.shape().size() / rows);
    }

    private long extent(Axis axis) {
      return value.shape().dim(axes.indexOf(axis));
    }

    private int outputAxis() {
      return Math.max(axes.indexOf(Axis.ROW_OUTPUT), axes.indexOf(Axis.COLUMN_OUTPUT));
    }

    private List<Axis> withoutOutput() {
      List<Axis> rest = new ArrayList<>(axes);
      rest.remove(outputAxis());
      return rest;
    }
  }

  /** The Gram matrix of every row with every column: [a's axes, b's axes], in order. */
  static Gram of(Operand a, Operand b) {
    Value product =
        products(a.matrix(a.axes(), false), a.rows(), b.matrix(b.axes(), false), b.rows());
    return of(product, List.of(), a.axes(), b.axes(), a, b);
  }

  /**
   * Inner products of the rows of two matrices, [n, m].
   *
   * @param a [n, width], or [n, 1] numbers of rows of the identity
   * @param aRows which of the two
   * @param b [m, width], or [m, 1]
   */
  static Value products(Value a, boolean aRows, Value b, boolean bRows) {
    if (!aRows && !bRows) {
      return matMulTransposed(a, b);
    }
    if (aRows && bRows) {
      return equal(a, b);
    }
    return aRows
        ? Gather.gather(transpose(b, 1, 0), reshape(a, a.shape().dim(0)))
        : transpose(products(b, true, a, false), 1, 0);
  }

  /** 1 where two numbers are equal, else 0. */
  private static Value equal(Value a, Value b) {
    Shape shape = Shape.of(a.shape().dim(0), b.shape().dim(0));
    Value left = broadcast(reshape(a, shape.dim(0)), shape, List.of(0));
    Value right = broadcast(reshape(b, shape.dim(1)), shape, List.of(1));
    Value unequal = add(Greater.greater(left, right), Greater.greater(right, left));
    return sub(a.builder().splat(shape, 1), unequal);
  }

  /** The Gram matrix of {@link #of} summed over equal outputs: the output joins the width. */
  static Gram traced(Operand a, Operand b) {
    List<Axis> rows = a.withoutOutput();
    List<Axis> columns = b.withoutOutput();
    Value product = matMulTransposed(a.matrix(rows, true), b.matrix(columns, true));
    return of(product, List.of(), rows, columns, a, b);
  }

  /**
   * The Gram matrices of {@link #of} for equal outputs only: one matrix product for each output.
   */
  static Gram diagonal(Operand a, Operand b) {
    List<Axis> rows = a.withoutOutput();
    List<Axis> columns = b.withoutOutput();
    Value product = matMulTransposed(outputFirst(a, rows), outputFirst(b, columns));
    return of(product, List.of(Axis.ROW_OUTPUT), rows, columns, a, b);
  }

  private static Value outputFirst(Operand operand, List<Axis> rest) {
    List<Integer> permutation = new ArrayList<>(List.of(operand.outputAxis()));
    rest.forEach(axis -> permutation.add(operand.axes().indexOf(axis)));
    permutation.add(operand.axes().size());
    Value moved = transpose(operand.value(), permutation);
    long outputs = moved.shape().dim(0);
    long rows = rest.stream().mapToLong(operand::extent).reduce(1, Math::multiplyExact);
    return reshape(moved, outputs, rows, moved.shape().dim(-1));
  }

  private static Gram of(
      Value product, List<Axis> lead, List<Axis> rows, List<Axis> columns, Operand a, Operand b) {
    List<Axis> order = new ArrayList<>(lead);
    order.addAll(rows);
    order.addAll(columns);
    Shape shape = product.shape().slice(0, lead.size());
    for (Axis axis : rows) {
      shape = shape.concat(Shape.of(a.extent(axis)));
    }
    for (Axis axis : columns) {
      shape = shape.concat(Shape.of(b.extent(axis)));
    }
    List<Axis> sorted = order.stream().sorted().toList();
    Value split = reshape(product, shape);
    return new Gram(transpose(split, sorted.stream().map(order::indexOf).toList()), sorted);
  }

  /** A number added to every inner product. */
  Gram plus(double number) {
    return new Gram(shift(value, number), axes);
  }

  /** The product, element by element, each repeated along the axes that only the other has. */
  Gram times(Gram other) {
    Set<Axis> all = new TreeSet<>(axes);
    all.addAll(other.axes);
    List<Axis> union = List.copyOf(all);
    long[] extents = new long[union.size()];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = axes.contains(union.get(i)) ? extent(union.get(i)) : other.extent(union.get(i));
    }
    Shape shape = Shape.of(extents);
    return new Gram(mul(spread(union, shape), other.spread(union, shape)), union);
  }

  /** Repeated to the axes {@code union}, of shape {@code shape}. */
  Value spread(List<Axis> union, Shape shape) {
    return broadcast(value, shape, axes.stream().map(union::indexOf).toList());
  }

  /** Summed over those of {@code gone} that are present. */
  Gram sum(Axis... gone) {
    List<Axis> kept = new ArrayList<>(axes);
    kept.removeAll(List.of(gone));
    List<Integer> folded =
        axes.stream().filter(axis -> !kept.contains(axis)).map(axes::indexOf).toList();
    return new Gram(Sum.sum(value, folded), kept);
  }

  /** Extent along an axis that is present. */
  long extent(Axis axis) {
    return value.shape().dim(axes.indexOf(axis));
  }
}
