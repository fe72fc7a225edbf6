package dev.tangents.exec.cuda;

import static dev.tangents.exec.cuda.code.Ints.add;
import static dev.tangents.exec.cuda.code.Ints.mul;

import dev.tangents.exec.cuda.code.Body;
import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Ints;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.code.Kind;
import dev.tangents.exec.cuda.code.Op;
import dev.tangents.exec.cuda.code.Reals;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.Strides;
import java.util.ArrayList;
import java.util.List;

/**
 * Primitives that add elements up where they are sent. Each place belongs to one thread, which adds
 * in a fixed order: no atomic operation, and the same bits each time.
 */
final class AddingPushes {
  private AddingPushes() {}

  /** Adds this family. */
  static void register(CudaLowerings.Table table) {
    table.push(StridedAdd.class, (add, kernel) -> new Window(add.strides(), kernel).build());
    table.push(ScatterAdd.class, AddingPushes::scatter);
  }

  /** A thread for each column of a table: zeros, then row after row. */
  private static Kernel scatter(ScatterAdd scatter, KernelBuilder kernel) {
    Shape shape = kernel.shape();
    Shape ids = kernel.shape(1);
    long width = shape.slice(scatter.lead() + 1, shape.rank()).size();
    long tables = shape.slice(0, scatter.lead()).size();
    long block = ids.size() / tables;
    Body body = kernel.body();
    Expr.Var column = body.counter(tables * width);
    int result = kernel.result();
    Expr table = Ints.quotient(column, width);
    Expr within = Ints.remainder(column, width);
    Expr start = body.let(add(mul(table, scatter.rows() * width), within));
    body.loop(
        scatter.rows(),
        (inner, row) -> inner.store(result, add(start, mul(row, width)), Reals.real(0)));
    if (block > 0) {
      body.loop(
          block,
          (inner, b) -> {
            Expr id = add(mul(table, block), b);
            Expr row = MovingPulls.row(kernel.reader(inner), id, scatter.rows());
            Expr at = inner.let(add(start, mul(row, width)));
            Expr x = kernel.operand(0, add(mul(id, width), within), inner);
            Expr sum = new Expr.Load(Kind.REAL, result, at);
            inner.store(result, at, Reals.apply(Op.ADD, sum, x));
          });
    }
    return kernel.kernel(Kernel.Scale.THREAD, Math.toIntExact(tables * width), column);
  }

  /**
   * A thread for each place of the tensor, which looks for the elements that the window shows
   * there: along each axis it tries all positions on all axes of the window but the longest, and
   * solves for that one.
   */
  private static final class Window {
    private final Strides strides;
    private final KernelBuilder kernel;
    private final long[] view;
    private final Expr.Var place;
    private Expr.Var sum;

    Window(Strides strides, KernelBuilder kernel) {
      this.strides = strides;
      this.kernel = kernel;
      this.view = Axes.rowMajor(strides.view());
      this.place = kernel.body().counter(strides.shape().size());
    }

    Kernel build() {
      Body body = kernel.body();
      int result = kernel.result();
      sum = body.variable(Reals.wide(0));
      if (strides.view().size() > 0) {
        along(0, body, Ints.of(0));
      }
      body.store(result, place, Reals.narrowed(sum));
      return kernel.kernel(Kernel.Scale.THREAD, strides.shape().intSize(), place);
    }

    /** Adds what the window shows here, given the element's position on the axes before. */
    private void along(int axis, Body body, Expr element) {
      if (axis == strides.shape().rank()) {
        Expr x = Reals.widened(kernel.operand(0, element, body));
        body.set(sum, Reals.apply(Op.ADD, sum, x));
        return;
      }
      List<Integer> steps = new ArrayList<>();
      for (int j = 0; j < strides.axes().size(); j++) {
        if (strides.axes().get(j).along() == axis) {
          steps.add(j);
        }
      }
      long inner = Axes.rowMajor(strides.shape())[axis];
      Expr position = Ints.remainder(Ints.quotient(place, inner), strides.shape().dim(axis));
      Expr left = Ints.sub(position, Ints.of(strides.start().get(axis)));
      steps.sort((a, b) -> Long.compare(reach(a), reach(b)));
      tried(axis, steps, 0, body, left, element);
    }

    private long reach(int j) {
      return strides.axes().get(j).step() == 0 ? -1 : strides.axes().get(j).extent();
    }

    private void tried(
        int axis, List<Integer> steps, int next, Body body, Expr left, Expr element) {
      if (next == steps.size()) {
        body.when(Ints.equal(left, Ints.of(0)), inner -> along(axis + 1, inner, element));
        return;
      }
      int j = steps.get(next);
      Strides.Axis one = strides.axes().get(j);
      if (next == steps.size() - 1 && one.step() != 0) {
        solved(axis, j, body, left, element);
        return;
      }
      body.loop(
          one.extent(),
          (inner, i) ->
              tried(
                  axis,
                  steps,
                  next + 1,
                  inner,
                  inner.let(Ints.sub(left, mul(i, one.step()))),
                  add(element, mul(i, view[j]))));
    }

    /** The one position of axis {@code j} that leaves nothing, if there is one. */
    private void solved(int axis, int j, Body body, Expr left, Expr element) {
      Strides.Axis one = strides.axes().get(j);
      Expr ahead = body.let(one.step() < 0 ? Ints.sub(Ints.of(0), left) : left);
      long step = Math.abs(one.step());
      body.when(
          Reals.test(Op.NOT, Ints.less(ahead, Ints.of(0))),
          inner -> {
            Expr fits =
                Reals.test(
                    Op.AND,
                    Ints.equal(Ints.remainder(ahead, step), Ints.of(0)),
                    Ints.less(ahead, Ints.of(step * (one.extent() - 1) + 1)));
            inner.when(
                fits,
                deeper ->
                    along(
                        axis + 1,
                        deeper,
                        add(element, mul(deeper.let(Ints.quotient(ahead, step)), view[j]))));
          });
    }
  }
}
