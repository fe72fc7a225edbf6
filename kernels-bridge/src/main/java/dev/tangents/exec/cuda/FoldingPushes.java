package dev.tangents.exec.cuda;

import static dev.tangents.exec.cuda.code.Ints.add;

import dev.tangents.exec.cuda.code.Body;
import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Ints;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.code.Kind;
import dev.tangents.exec.cuda.code.Op;
import dev.tangents.exec.cuda.code.Reals;
import dev.tangents.ir.Shape;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Primitives that fold axes away, in double. A block of threads folds one line where lines are long
 * and lie together or are few, else a thread does.
 */
final class FoldingPushes {
  /** Numbers from which on a line counts as long. */
  private static final int LONG = 256;

  /** Below this many lines, one thread for each leaves most of a device idle. */
  private static final int FEW = 16_384;

  private FoldingPushes() {}

  /** Adds this family. */
  static void register(CudaLowerings.Table table) {
    table.push(Sum.class, (sum, kernel) -> sum(sum.axes(), kernel));
    table.push(
        ReduceMax.class,
        (max, kernel) ->
            lines(
                List.of(max.axis()),
                kernel,
                (body, line) -> body.fold(Op.MAX, line.count(), line::element)));
    table.push(
        LogSumExp.class,
        (fold, kernel) -> lines(List.of(fold.axis()), kernel, FoldingPushes::logSumExp));
    table.push(FirstMax.class, FoldingPushes::firstMax);
  }

  /** The elements of an operand that are folded into one. */
  private interface Line {
    /** How many there are. */
    long count();

    /** Number {@code k} of them. */
    Expr element(Body body, Expr k);
  }

  /** Folds a line into a wide number. */
  private interface Fold {
    Expr of(Body body, Line line);
  }

  private static Kernel sum(List<Integer> axes, KernelBuilder kernel) {
    return lines(axes, kernel, (body, line) -> body.fold(Op.ADD, line.count(), line::element));
  }

  private static Expr logSumExp(Body body, Line line) {
    Expr max = body.fold(Op.MAX, line.count(), line::element);
    // An infinite maximum has no differences; its sum of exponentials is 0 or infinity.
    Expr finite =
        Reals.test(Op.LESS, Reals.apply(Op.ABS, max), Reals.wide(Double.POSITIVE_INFINITY));
    Expr shift = body.let(Reals.select(finite, max, zeroOrNan(max)));
    Expr sum =
        body.fold(
            Op.ADD,
            line.count(),
            (inner, k) ->
                Reals.apply(
                    Op.EXP, Reals.apply(Op.SUB, line.element(inner, k), Reals.narrowed(shift))));
    return Reals.apply(Op.ADD, shift, Reals.apply(Op.LOG, sum));
  }

  /** NaN for NaN, 0 for an infinity. */
  private static Expr zeroOrNan(Expr x) {
    return Reals.select(Reals.test(Op.EQUAL, x, x), Reals.wide(0), x);
  }

  private static Kernel lines(List<Integer> axes, KernelBuilder kernel, Fold fold) {
    Shape shape = kernel.shape(0);
    int[] kept = IntStream.range(0, shape.rank()).filter(a -> !axes.contains(a)).toArray();
    int[] gone = axes.stream().mapToInt(Integer::intValue).toArray();
    long[] rowMajor = Axes.rowMajor(shape);
    Axes outer = new Axes(pick(shape.dims(), kept), pick(rowMajor, kept), 0);
    Axes inner = new Axes(pick(shape.dims(), gone), pick(rowMajor, gone), 0);
    long count = inner.size();
    int lines = kernel.shape().intSize();
    boolean together = gone.length > 0 && gone[gone.length - 1] == shape.rank() - 1;
    boolean wide = count >= LONG && (together || lines < FEW);
    Body body = kernel.body();
    Expr.Var line = body.counter(lines);
    int result = kernel.result();
    Expr start = outer.at(line);
    Expr value =
        fold.of(
            body,
            new Line() {
              @Override
              public long count() {
                return count;
              }

              @Override
              public Expr element(Body steps, Expr k) {
                return count == 0
                    ? Reals.real(0)
                    : kernel.operand(0, add(start, inner.at(k)), steps);
              }
            });
    Expr narrow = Reals.narrowed(body.let(value));
    if (!wide) {
      body.store(result, line, narrow);
      return kernel.kernel(Kernel.Scale.THREAD, lines, line);
    }
    body.share(Ints.of(0), Ints.of(1), 1, (once, any) -> once.store(result, line, narrow));
    return kernel.kernel(Kernel.Scale.BLOCK, lines, line);
  }

  /** Looks for the first largest, then writes the line of its mask. */
  private static Kernel firstMax(FirstMax first, KernelBuilder kernel) {
    Shape shape = kernel.shape();
    long count = shape.dim(first.axis());
    long behind = shape.slice(first.axis() + 1, shape.rank()).size();
    int lines = shape.intSize() / (int) count;
    Body body = kernel.body();
    Expr.Var line = body.counter(lines);
    int result = kernel.result();
    Expr start =
        body.let(
            add(
                Ints.mul(Ints.quotient(line, behind), count * behind),
                Ints.remainder(line, behind)));
    Expr max =
        body.fold(
            Op.MAX, count, (inner, k) -> kernel.operand(0, add(start, Ints.mul(k, behind)), inner));
    Expr.Var open = body.variable(new Expr.Num(Kind.BOOL, 1));
    body.loop(
        count,
        (inner, k) -> {
          Expr at = inner.let(add(start, Ints.mul(k, behind)));
          Expr x = Reals.widened(kernel.operand(0, at, inner));
          Expr here = inner.let(Reals.test(Op.AND, open, Reals.test(Op.EQUAL, x, max)));
          inner.store(result, at, Reals.select(here, Reals.real(1), Reals.real(0)));
          inner.set(open, Reals.test(Op.AND, open, Reals.test(Op.NOT, here)));
        });
    return kernel.kernel(Kernel.Scale.THREAD, lines, line);
  }

  private static long[] pick(long[] all, int[] indices) {
    return IntStream.of(indices).mapToLong(i -> all[i]).toArray();
  }
}
