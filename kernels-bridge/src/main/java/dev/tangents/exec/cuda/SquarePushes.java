package dev.tangents.exec.cuda;

import static dev.tangents.exec.cuda.code.Ints.add;
import static dev.tangents.exec.cuda.code.Ints.mul;
import static dev.tangents.exec.cuda.code.Reals.apply;
import static dev.tangents.exec.cuda.code.Reals.test;
import static dev.tangents.exec.cuda.code.Reals.wide;

import dev.tangents.exec.cuda.code.Body;
import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Ints;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.code.Op;
import dev.tangents.exec.cuda.code.Reals;
import dev.tangents.ir.Primitive;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;

/** Functions of square matrices, read off their {@link SquareFactors}, in double. */
final class SquarePushes {
  /** The largest n for which a thread factors a matrix [n, n] by itself. */
  private static final int SMALL = 8;

  /** Blocks, or threads times 256, that factor one matrix after the other. */
  private static final int AT_ONCE = 512;

  /** Doubles for all matrices that are factored at a time, 1 GiB. */
  private static final long ROOM = 1L << 27;

  private SquarePushes() {}

  /** Writes the result for one matrix. */
  private interface Result {
    void write(SquareFactors factors, Body body, int result, Expr start);
  }

  /** Adds this family. */
  static void register(CudaLowerings.Table table) {
    matrix(table, Cofactor.class, SquareFactors::cofactors);
    matrix(table, Inverse.class, SquareFactors::inverse);
    number(table, Det.class, SquareFactors::determinant);
    number(table, DetSign.class, SquareFactors::sign);
    number(table, LogAbsDet.class, SquareFactors::logarithm);
  }

  /** Gives a number. */
  private interface Reading {
    Expr of(SquareFactors factors, Body body);
  }

  private static <P extends Primitive> void number(
      CudaLowerings.Table table, Class<P> type, Reading number) {
    table.push(
        type,
        (primitive, kernel) ->
            each(
                kernel,
                1,
                (factors, body, result, start) -> {
                  Expr value = body.let(number.of(factors, body));
                  body.share(
                      Ints.of(0),
                      Ints.of(1),
                      1,
                      (once, any) -> once.store(result, start, Reals.narrowed(value)));
                }));
  }

  private static <P extends Primitive> void matrix(
      CudaLowerings.Table table, Class<P> type, Result result) {
    table.push(
        type,
        (primitive, kernel) -> {
          long n = kernel.shape(0).dim(-1);
          return each(kernel, n * n, result);
        });
  }

  /** Factors matrix after matrix; each instance has room for one. */
  private static Kernel each(KernelBuilder kernel, long width, Result result) {
    int n = (int) kernel.shape(0).dim(-1);
    long stack = kernel.shape(0).size() / ((long) n * n);
    boolean small = n <= SMALL;
    long most = Math.max(1, ROOM / SquareFactors.room(n));
    long wanted = small ? AT_ONCE * (long) Kernel.BLOCK : AT_ONCE;
    int instances = (int) Math.min(stack, Math.min(wanted, most));
    Body body = kernel.body();
    Expr.Var instance = body.counter(instances);
    int target = kernel.result();
    int scratch = kernel.scratch(instances * SquareFactors.room(n));
    long rounds = (stack + instances - 1) / instances;
    body.loop(
        rounds,
        (round, r) -> {
          Expr matrix = round.let(add(mul(r, instances), instance));
          round.when(
              Ints.less(matrix, Ints.of(stack)),
              inner -> {
                SquareFactors factors =
                    new SquareFactors(n, scratch, inner.let(mul(instance, SquareFactors.room(n))));
                inner.share(
                    Ints.of(0),
                    Ints.of((long) n * n),
                    (long) n * n,
                    (copy, i) ->
                        factors.put(
                            copy,
                            i,
                            Reals.widened(
                                kernel.operand(0, add(mul(matrix, (long) n * n), i), copy))));
                factors.factor(inner);
                result.write(factors, inner, target, inner.let(mul(matrix, width)));
              });
        });
    return kernel.kernel(small ? Kernel.Scale.THREAD : Kernel.Scale.BLOCK, instances, instance);
  }

  /** One of a comparison of a number with zero. */
  static Expr sign(Expr x) {
    return Reals.select(
        test(Op.LESS, wide(0), x),
        wide(1),
        Reals.select(test(Op.LESS, x, wide(0)), wide(-1), apply(Op.MUL, x, wide(0))));
  }
}
