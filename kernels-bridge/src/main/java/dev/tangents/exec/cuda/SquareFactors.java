package dev.tangents.exec.cuda;

import static dev.tangents.exec.cuda.code.Ints.add;
import static dev.tangents.exec.cuda.code.Ints.mul;
import static dev.tangents.exec.cuda.code.Reals.apply;
import static dev.tangents.exec.cuda.code.Reals.test;
import static dev.tangents.exec.cuda.code.Reals.wide;

import dev.tangents.exec.cuda.code.Body;
import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Ints;
import dev.tangents.exec.cuda.code.Kind;
import dev.tangents.exec.cuda.code.Op;
import dev.tangents.exec.cuda.code.Reals;
import java.util.List;

/**
 * Builds the steps that factor a matrix A [n, n] as P A Q = L U, in double, with the largest
 * element left as every pivot: that puts the zeros of a singular matrix last, so that cofactors
 * come out of one formula whether the last pivot is zero or not. Work in a row or in a rest of the
 * matrix is shared by the threads of a block.
 *
 * <p>Room for one matrix: L and U [n, n], the order of rows [n], that of columns [n], the parity
 * [1], and a column of work for each column of a result [n, n].
 */
final class SquareFactors {
  private final int n;
  private final int buffer;
  private final Expr start;

  /** Factors in {@code buffer}, from {@code start} on. */
  SquareFactors(int n, int buffer, Expr start) {
    this.n = n;
    this.buffer = buffer;
    this.start = start;
  }

  /** Doubles for one matrix. */
  static long room(int n) {
    return 2L * n * n + 2L * n + 1;
  }

  /** Sets element {@code i} of the matrix, counted row-major. */
  void put(Body body, Expr i, Expr value) {
    body.store(buffer, add(start, i), value);
  }

  private Expr at(Expr i) {
    return new Expr.Load(Kind.WIDE, buffer, add(start, i));
  }

  private Expr at(Expr i, Expr j) {
    return at(add(mul(i, n), j));
  }

  private Expr rowOrder(Expr i) {
    return add(Ints.of((long) n * n), i);
  }

  private Expr columnOrder(Expr i) {
    return add(Ints.of((long) n * n + n), i);
  }

  private Expr parity() {
    return Ints.of((long) n * n + 2L * n);
  }

  private Expr work(Expr column, Expr i) {
    return add(Ints.of((long) n * n + 2L * n + 1), add(mul(column, n), i));
  }

  /** Steps that factor what was put. */
  void factor(Body body) {
    body.share(
        Ints.of(0),
        Ints.of(n),
        n,
        (each, i) -> {
          // An order is kept as numbers of the buffer; they are exact.
          put(each, rowOrder(i), widened(i));
          put(each, columnOrder(i), widened(i));
        });
    body.share(Ints.of(0), Ints.of(1), 1, (once, any) -> put(once, parity(), wide(1)));
    body.loop(n, this::eliminate);
  }

  private static Expr widened(Expr whole) {
    return Reals.widened(whole);
  }

  private void eliminate(Body body, Expr k) {
    Expr left = body.let(Ints.sub(Ints.of(n), k));
    Expr best = body.fold(Op.MAX, k, Ints.of(n), n, (rows, i) -> largestInRow(rows, i, k));
    Expr row =
        body.fold(
            Op.MIN,
            k,
            Ints.of(n),
            n,
            (rows, i) -> {
              Expr largest = rows.let(largestInRow(rows, i, k));
              return Reals.select(same(largest, best), widened(i), wide(Double.POSITIVE_INFINITY));
            });
    Expr pivotRow = body.let(Ints.of(row, n - 1));
    Expr column =
        body.fold(
            Op.MIN,
            k,
            Ints.of(n),
            n,
            (columns, j) ->
                Reals.select(
                    same(apply(Op.ABS, at(pivotRow, j)), best),
                    widened(j),
                    wide(Double.POSITIVE_INFINITY)));
    Expr pivotColumn = body.let(Ints.of(column, n - 1));
    exchangeRows(body, k, pivotRow);
    exchangeColumns(body, k, pivotColumn);
    body.when(
        test(Op.NOT, test(Op.EQUAL, best, wide(0))),
        inner -> {
          Expr pivot = inner.let(at(k, k));
          Expr next = inner.let(add(k, Ints.of(1)));
          inner.share(
              next,
              Ints.of(n),
              n,
              (each, i) -> put(each, add(mul(i, n), k), apply(Op.DIV, at(i, k), pivot)));
          Expr rest = inner.let(Ints.sub(left, Ints.of(1)));
          update(inner, k, rest);
        });
  }

  private void update(Body body, Expr k, Expr rest) {
    Expr.Var size = body.variable(product(rest, rest));
    body.share(
        Ints.of(0),
        size,
        (long) n * n,
        (each, t) -> {
          Expr i = each.let(add(add(k, Ints.of(1)), whole(Op.QUOTIENT, t, rest)));
          Expr j = each.let(add(add(k, Ints.of(1)), whole(Op.REMAINDER, t, rest)));
          Expr less = apply(Op.MUL, at(i, k), at(k, j));
          put(each, add(mul(i, n), j), apply(Op.SUB, at(i, j), less));
        });
  }

  private Expr product(Expr a, Expr b) {
    return new Expr.Apply(Kind.INT, Op.MUL, List.of(a, b), 0, (long) n * n);
  }

  /** A quotient or remainder of two numbers that only the kernel knows. */
  private Expr whole(Op op, Expr a, Expr b) {
    return new Expr.Apply(Kind.INT, op, List.of(a, b), 0, n - 1);
  }

  private Expr largestInRow(Body body, Expr i, Expr k) {
    Expr.Var largest = body.variable(wide(Double.NEGATIVE_INFINITY));
    body.loop(
        k,
        Ints.of(n),
        n,
        (inner, j) -> inner.set(largest, apply(Op.MAX, largest, apply(Op.ABS, at(i, j)))));
    return largest;
  }

  /** Equal, or both NaN: a NaN counts as largest, so that it reaches every result. */
  private static Expr same(Expr a, Expr b) {
    Expr nan = test(Op.AND, test(Op.NOT, test(Op.EQUAL, a, a)), test(Op.NOT, test(Op.EQUAL, b, b)));
    return test(Op.OR, test(Op.EQUAL, a, b), nan);
  }

  private void exchangeRows(Body body, Expr k, Expr row) {
    body.when(
        test(Op.NOT, Ints.equal(k, row)),
        inner -> {
          inner.share(
              Ints.of(0),
              Ints.of(n),
              n,
              (each, j) -> exchange(each, add(mul(k, n), j), add(mul(row, n), j)));
          orders(inner, rowOrder(k), rowOrder(row));
        });
  }

  private void exchangeColumns(Body body, Expr k, Expr column) {
    body.when(
        test(Op.NOT, Ints.equal(k, column)),
        inner -> {
          inner.share(
              Ints.of(0),
              Ints.of(n),
              n,
              (each, i) -> exchange(each, add(mul(i, n), k), add(mul(i, n), column)));
          orders(inner, columnOrder(k), columnOrder(column));
        });
  }

  private void orders(Body body, Expr i, Expr j) {
    body.share(
        Ints.of(0),
        Ints.of(1),
        1,
        (once, any) -> {
          exchange(once, i, j);
          put(once, parity(), apply(Op.NEG, at(parity())));
        });
  }

  private void exchange(Body body, Expr i, Expr j) {
    Expr kept = body.let(at(i));
    Expr other = body.let(at(j));
    put(body, i, other);
    put(body, j, kept);
  }

  /** det A: the product of the pivots, and the parity. */
  Expr determinant(Body body) {
    return folded(body, n, at(parity()), (product, x) -> apply(Op.MUL, product, x));
  }

  /** The sign of det A, of the pivots one by one: their product may leave the range of doubles. */
  Expr sign(Body body) {
    return folded(body, n, at(parity()), (sign, x) -> apply(Op.MUL, sign, SquarePushes.sign(x)));
  }

  /** ln |det A|. */
  Expr logarithm(Body body) {
    return folded(
        body, n, wide(0), (sum, x) -> apply(Op.ADD, sum, apply(Op.LOG, apply(Op.ABS, x))));
  }

  private interface Combine {
    Expr of(Expr folded, Expr pivot);
  }

  /** Folds the first pivots in order, each thread for itself. */
  private Expr folded(Body body, int count, Expr first, Combine combine) {
    Expr.Var folded = body.variable(first);
    body.loop(count, (inner, k) -> inner.set(folded, combine.of(folded, at(k, k))));
    return folded;
  }

  /** A^-1, NaN if A is singular. */
  void inverse(Body body, int result, Expr target) {
    Expr last = body.let(at(Ints.of((long) n * n - 1)));
    Expr singular = body.let(test(Op.EQUAL, last, wide(0)));
    body.share(
        Ints.of(0),
        Ints.of(n),
        n,
        (each, k) -> {
          solve(each, k, wide(1), apply(Op.DIV, wide(1), last));
          each.loop(
              n,
              (inner, i) -> {
                Expr row = Ints.of(at(columnOrder(i)), n - 1);
                Expr column = Ints.of(at(rowOrder(k)), n - 1);
                Expr value = Reals.select(singular, wide(Double.NaN), at(work(k, i)));
                inner.store(result, add(target, add(mul(row, n), column)), Reals.narrowed(value));
              });
        });
  }

  /** The cofactor matrix, d det A / dA; it exists for every A. */
  void cofactors(Body body, int result, Expr target) {
    Expr head = folded(body, n - 1, wide(1), (product, x) -> apply(Op.MUL, product, x));
    // Where at least two pivots are 0, so is every minor.
    Expr flat = body.let(test(Op.EQUAL, head, wide(0)));
    Expr last = body.let(apply(Op.MUL, head, at(Ints.of((long) n * n - 1))));
    body.share(
        Ints.of(0),
        Ints.of(n),
        n,
        (each, k) -> {
          // adj(U) = head [last inv(U1), -inv(U1) u; 0, 1] with U = [U1, u; 0, last].
          solve(each, k, last, head);
          each.loop(
              n,
              (inner, i) -> {
                Expr row = Ints.of(at(rowOrder(k)), n - 1);
                Expr column = Ints.of(at(columnOrder(i)), n - 1);
                Expr value = apply(Op.MUL, at(parity()), at(work(k, i)));
                inner.store(
                    result,
                    add(target, add(mul(row, n), column)),
                    Reals.narrowed(Reals.select(flat, wide(0), value)));
              });
        });
  }

  /** y = [a inv(U1), -b inv(U1) u; 0, b] inv(L) e_k, in column {@code k} of the work. */
  private void solve(Body body, Expr k, Expr a, Expr b) {
    body.loop(
        n,
        (rows, i) -> {
          Expr unit = Reals.select(Ints.equal(i, k), wide(1), wide(0));
          Expr.Var sum = rows.variable(unit);
          rows.loop(k, i, n, (inner, j) -> inner.set(sum, less(sum, at(i, j), at(work(k, j)))));
          put(rows, work(k, i), sum);
        });
    Expr end = work(k, Ints.of(n - 1));
    put(body, end, apply(Op.MUL, b, at(end)));
    body.loop(
        n - 1,
        (rows, back) -> {
          Expr i = rows.let(Ints.sub(Ints.of(n - 2), back));
          Expr.Var sum = rows.variable(apply(Op.MUL, a, at(work(k, i))));
          rows.loop(
              rows.let(add(i, Ints.of(1))),
              Ints.of(n),
              n,
              (inner, j) -> inner.set(sum, less(sum, at(i, j), at(work(k, j)))));
          put(rows, work(k, i), apply(Op.DIV, sum, at(i, i)));
        });
  }

  private static Expr less(Expr sum, Expr x, Expr y) {
    return apply(Op.SUB, sum, apply(Op.MUL, x, y));
  }
}
