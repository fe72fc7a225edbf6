package dev.tangents.exec.cuda;

import static dev.tangents.exec.cuda.code.Ints.add;
import static dev.tangents.exec.cuda.code.Ints.mul;
import static dev.tangents.exec.cuda.code.Ints.quotient;
import static dev.tangents.exec.cuda.code.Ints.remainder;

import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Ints;
import dev.tangents.exec.cuda.code.Op;
import dev.tangents.exec.cuda.code.Reals;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;

/** Primitives that move elements: each says where an element comes from. */
final class MovingPulls {
  private MovingPulls() {}

  /** Adds this family. */
  static void register(CudaLowerings.Table table) {
    table.pull(Broadcast.class, MovingPulls::broadcast);
    table.pull(Concat.class, MovingPulls::concat);
    table.pull(Gather.class, MovingPulls::gather);
    table.pull(Slice.class, MovingPulls::slice);
    table.pull(StridedView.class, MovingPulls::view);
    table.pull(Transpose.class, MovingPulls::transpose);
  }

  private static Expr broadcast(Broadcast broadcast, Pull.Reader reader, Expr i) {
    long[] operand = Axes.rowMajor(reader.shape(0));
    long[] advances = new long[reader.shape().rank()];
    for (int axis = 0; axis < operand.length; axis++) {
      advances[broadcast.axes().get(axis)] = operand[axis];
    }
    return reader.operand(0, new Axes(reader.shape().dims(), advances, 0).at(i));
  }

  private static Expr transpose(Transpose transpose, Pull.Reader reader, Expr i) {
    long[] operand = Axes.rowMajor(reader.shape(0));
    long[] advances = transpose.permutation().stream().mapToLong(axis -> operand[axis]).toArray();
    return reader.operand(0, new Axes(reader.shape().dims(), advances, 0).at(i));
  }

  private static Expr slice(Slice slice, Pull.Reader reader, Expr i) {
    long[] operand = Axes.rowMajor(reader.shape(0));
    long first = slice.start() * operand[reader.shape(0).normalise(slice.axis())];
    return reader.operand(0, new Axes(reader.shape().dims(), operand, first).at(i));
  }

  private static Expr view(StridedView view, Pull.Reader reader, Expr i) {
    long[] advances = view.strides().advances();
    return reader.operand(
        0, new Axes(reader.shape().dims(), advances, view.strides().first()).at(i));
  }

  /** Element i of a concatenation, read from the part in which its position along the axis lies. */
  private static Expr concat(Concat concat, Pull.Reader reader, Expr i) {
    Shape whole = reader.shape();
    int axis = whole.normalise(concat.axis());
    long inner = whole.slice(axis + 1, whole.rank()).size();
    long extent = whole.dim(axis);
    Expr outer = quotient(i, inner * extent);
    Expr within = reader.body().let(remainder(i, inner * extent)); // along the axis and behind it
    Expr.Var result = reader.body().variable(Reals.real(0));
    long start = 0;
    for (int part = 0; start < extent * inner; part++) {
      long size = reader.shape(part).dim(axis) * inner;
      if (size > 0) {
        Expr at = add(mul(outer, size), Ints.sub(within, Ints.of(start)));
        Expr here =
            Reals.test(
                Op.AND,
                Reals.test(Op.NOT, Ints.less(within, Ints.of(start))),
                Ints.less(within, Ints.of(start + size)));
        int operand = part;
        reader.body().when(here, body -> body.set(result, reader.operand(operand, at, body)));
      }
      start += size;
    }
    return result;
  }

  private static Expr gather(Gather gather, Pull.Reader reader, Expr i) {
    Shape table = reader.shape(0);
    int lead = gather.lead();
    long rows = table.dim(lead);
    long width = table.slice(lead + 1, table.rank()).size();
    long block = reader.shape(1).slice(lead, reader.shape(1).rank()).size();
    Expr id = quotient(i, width);
    Expr row = row(reader, id, rows);
    Expr start = mul(add(mul(quotient(id, block), rows), row), width);
    return reader.operand(0, add(start, remainder(i, width)));
  }

  /** The row that number {@code id} of operand 1 names; 0, and a complaint, if it names none. */
  static Expr row(Pull.Reader reader, Expr id, long rows) {
    Expr number = reader.operand(1, id);
    Expr turned =
        Reals.select(
            Reals.test(Op.LESS, number, Reals.real(-0.5)),
            Reals.real((double) rows),
            Reals.real(0));
    Expr row = reader.body().let(Reals.apply(Op.ADD, Reals.apply(Op.RINT, number), turned));
    Expr inside =
        Reals.test(
            Op.AND,
            Reals.test(Op.LESS, Reals.real(-0.5), row),
            Reals.test(Op.LESS, row, Reals.real((double) rows)));
    int complaints = reader.complaints();
    reader
        .body()
        .when(
            Reals.test(Op.NOT, inside),
            body -> {
              body.store(complaints, Ints.of(0), Reals.real(1));
              body.store(complaints, Ints.of(1), number);
              body.store(complaints, Ints.of(2), Reals.real((double) rows));
            });
    return reader.body().let(Ints.of(Reals.select(inside, row, Reals.real(0)), rows - 1));
  }
}
