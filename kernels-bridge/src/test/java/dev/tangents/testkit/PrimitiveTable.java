package dev.tangents.testkit;

import static dev.tangents.testkit.Sampler.apart;
import static dev.tangents.testkit.Sampler.awayFromZero;
import static dev.tangents.testkit.Sampler.between;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Cos;
import dev.tangents.op.elementwise.Div;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.Erf;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Greater;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Log;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Pow;
import dev.tangents.op.elementwise.Power;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Select;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import dev.tangents.op.index.Strides.Axis;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.apache.commons.math3.linear.BlockRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.util.FastMath;

/** Every primitive with its domain, shapes, tolerance and a second formula: one line or more. */
public final class PrimitiveTable {
  private static final double EXACT = 0;
  private static final double ROUNDED = 4e-15;
  private static final String MOVES = "moves or selects numbers: no rounding";
  private static final String FEW = "a few roundings of 1.1e-16 on either side";
  private static final String LIBRARY = "two elementary functions, each within 2 units in the last";
  private static final String SUMS = "sums of at most 12 numbers in another order";

  private PrimitiveTable() {}

  /** All lines. */
  public static List<PrimitiveCase> all() {
    List<PrimitiveCase> table = new ArrayList<>();
    table.addAll(unary());
    table.addAll(binary());
    table.addAll(moving());
    table.addAll(picking());
    table.addAll(folding());
    table.addAll(products());
    table.addAll(squares());
    table.add(selection());
    return table;
  }

  private static List<PrimitiveCase> unary() {
    Sampler any = between(-2, 2);
    Sampler positive = between(0.3, 3);
    Sampler offKink = awayFromZero(0.1, 2);
    return List.of(
        one(new Abs(), offKink, x -> FastMath.sqrt(x * x), FEW),
        one(new Cos(), any, FastMath::cos, LIBRARY),
        one(new Elu(1.5), offKink, x -> x > 0 ? x : 1.5 * (FastMath.exp(x) - 1), LIBRARY),
        one(new Erf(), between(-4, 4), org.apache.commons.math3.special.Erf::erf, LIBRARY),
        one(new Exp(), any, FastMath::exp, LIBRARY),
        one(new LeakyRelu(0.2), offKink, x -> 0.6 * x + 0.4 * Math.abs(x), FEW),
        one(new Log(), positive, FastMath::log, LIBRARY),
        one(new Neg(), any, x -> 0 - x, MOVES),
        one(new Power(3), any, x -> x * x * x, FEW),
        one(new Power(2), any, x -> x * x, FEW),
        one(new Power(1), any, x -> x, MOVES),
        one(new Power(0), any, x -> 1, MOVES),
        one(new Power(-1), offKink, x -> 1 / x, FEW),
        one(new Power(0.5), positive, FastMath::sqrt, FEW),
        one(new Relu(), offKink, x -> (x + Math.abs(x)) / 2, MOVES),
        one(new Sigmoid(), any, x -> (1 + FastMath.tanh(x / 2)) / 2, LIBRARY),
        one(new Sin(), any, FastMath::sin, LIBRARY),
        one(new Softplus(), any, x -> FastMath.log(1 + FastMath.exp(x)), LIBRARY),
        one(new Sqrt(), positive, x -> FastMath.exp(FastMath.log(x) / 2), LIBRARY),
        one(new Tanh(), any, x -> (FastMath.exp(2 * x) - 1) / (FastMath.exp(2 * x) + 1), LIBRARY));
  }

  private static List<PrimitiveCase> binary() {
    Sampler any = between(-2, 2);
    return List.of(
        two(new Add(), any, (a, b) -> a - (0 - b), MOVES),
        two(new Div(), awayFromZero(0.5, 2), (a, b) -> a * (1 / b), FEW),
        two(new Greater(), apart(), (a, b) -> Math.max(0, Math.signum(a - b)), MOVES),
        two(new Max(), apart(), (a, b) -> (a + b + Math.abs(a - b)) / 2, FEW),
        two(new Min(), apart(), (a, b) -> (a + b - Math.abs(a - b)) / 2, FEW),
        two(new Mul(), any, (a, b) -> ((a + b) * (a + b) - (a - b) * (a - b)) / 4, FEW),
        two(new Pow(), between(0.3, 2), (a, b) -> FastMath.exp(b * FastMath.log(a)), LIBRARY),
        two(new Sub(), any, (a, b) -> a + -1 * b, MOVES));
  }

  private static List<PrimitiveCase> moving() {
    return List.of(
        moved(new Broadcast(Shape.of(2, 3), List.of(1)), 6, i -> i % 3, Shape.of(3)),
        moved(new Broadcast(Shape.of(2, 3), List.of(0)), 6, i -> i / 3, Shape.of(2)),
        moved(new Broadcast(Shape.of(2, 2), List.of()), 4, i -> 0, Shape.scalar()),
        moved(
            new Broadcast(Shape.of(2, 3, 2), List.of(0, 2)),
            12,
            i -> i / 6 * 2 + i % 2,
            Shape.of(2, 2)),
        moved(new Concat(0), 9, i -> i, Shape.of(2, 3), Shape.of(1, 3)),
        moved(
            new Concat(1),
            10,
            i -> i % 5 < 2 ? i / 5 * 2 + i % 5 : 4 + i / 5 * 3 + i % 5 - 2,
            Shape.of(2, 2),
            Shape.of(2, 3)),
        moved(new Concat(0), 6, i -> i, Shape.of(2), Shape.of(1), Shape.of(3)),
        moved(new Reshape(Shape.of(3, 2)), 6, i -> i, Shape.of(2, 3)),
        moved(new Reshape(Shape.of(1, 6, 1)), 6, i -> i, Shape.of(2, 3)),
        moved(new Reshape(Shape.scalar()), 1, i -> i, Shape.of(1, 1)),
        moved(new Slice(1, 1, 3), 4, i -> i / 2 * 4 + i % 2 + 1, Shape.of(2, 4)),
        moved(new Slice(0, 0, 2), 4, i -> i, Shape.of(3, 2)),
        moved(new Slice(0, 1, 1), 0, i -> i, Shape.of(3, 2)),
        moved(new Transpose(List.of(1, 0)), 6, i -> i % 2 * 3 + i / 2, Shape.of(2, 3)),
        moved(
            new Transpose(List.of(2, 0, 1)),
            24,
            i -> i / 3 % 2 * 12 + i % 3 * 4 + i / 6,
            Shape.of(2, 3, 4)),
        moved(new Transpose(List.of(0, 2, 1)), 4, i -> i, Shape.of(2, 1, 2)));
  }

  private static PrimitiveCase selection() {
    Sampler sampler =
        (random, operand, size) ->
            operand == 0
                ? random.ints(size, 0, 2).asDoubleStream().toArray()
                : random.doubles(size).toArray();
    Formula formula =
        x -> {
          double[] y = x.get(2).clone();
          Arrays.setAll(y, i -> x.get(0)[i] * x.get(1)[i] + (1 - x.get(0)[i]) * y[i]);
          return y;
        };
    Shape shape = Shape.of(2, 3);
    return new PrimitiveCase(
        new Select(), List.of(shape, shape, shape), sampler, formula, EXACT, MOVES);
  }

  private static List<PrimitiveCase> picking() {
    // Patches of 2 with dilation 2 at stride 2 of [2, 5]: t + 2 k, channels between t and k.
    Strides patches =
        new Strides(
            Shape.of(2, 5),
            List.of(new Axis(2, 1, 2), new Axis(2, 0, 1), new Axis(2, 1, 2)),
            List.of(0L, 0L));
    Strides mirrored =
        new Strides(
            Shape.of(2, 4), List.of(new Axis(3, 1, -1), new Axis(2, 0, 1)), List.of(0L, 3L));
    IntUnaryOperator patch = i -> i / 2 % 2 * 5 + 2 * (i / 4) + 2 * (i % 2);
    IntUnaryOperator mirror = i -> i % 2 * 4 + 3 - i / 2;
    return List.of(
        moved(new StridedView(patches), 8, patch, Shape.of(2, 5)),
        moved(new StridedView(mirrored), 6, mirror, Shape.of(2, 4)),
        added(new StridedAdd(patches), 10, patch, Shape.of(2, 2, 2)),
        added(new StridedAdd(mirrored), 8, mirror, Shape.of(3, 2)),
        byNumber(new Gather(0), 3, x -> rowsByNumber(x, 1, 3, 2), Shape.of(3, 2), Shape.of(2, 2)),
        byNumber(new Gather(1), 3, x -> rowsByNumber(x, 2, 3, 1), Shape.of(2, 3), Shape.of(2, 4)),
        byNumber(
            new ScatterAdd(0, 3), 3, x -> sumsByNumber(x, 1, 3, 2), Shape.of(4, 2), Shape.of(4)),
        byNumber(
            new ScatterAdd(1, 3),
            3,
            x -> sumsByNumber(x, 2, 3, 2),
            Shape.of(2, 2, 2),
            Shape.of(2, 2)));
  }

  private static PrimitiveCase added(
      Primitive primitive, int size, IntUnaryOperator place, Shape shape) {
    Formula formula =
        operands -> {
          double[] y = new double[size];
          for (int i = 0; i < operands.get(0).length; i++) {
            y[place.applyAsInt(i)] += operands.get(0)[i];
          }
          return y;
        };
    return new PrimitiveCase(primitive, List.of(shape), between(-2, 2), formula, EXACT, MOVES);
  }

  /** Operand 1 holds row numbers below {@code rows}. */
  private static PrimitiveCase byNumber(
      Primitive primitive, int rows, Formula formula, Shape table, Shape ids) {
    Sampler sampler =
        (random, operand, size) ->
            operand == 1
                ? random.ints(size, 0, rows).asDoubleStream().toArray()
                : random.doubles(size).toArray();
    return new PrimitiveCase(primitive, List.of(table, ids), sampler, formula, ROUNDED, SUMS);
  }

  private static double[] rowsByNumber(List<double[]> operands, int lead, int rows, int width) {
    double[] ids = operands.get(1);
    double[] y = new double[ids.length * width];
    for (int i = 0; i < y.length; i++) {
      int block = i / width / (ids.length / lead);
      y[i] = operands.get(0)[(block * rows + (int) ids[i / width]) * width + i % width];
    }
    return y;
  }

  private static double[] sumsByNumber(List<double[]> operands, int lead, int rows, int width) {
    double[] ids = operands.get(1);
    double[] y = new double[lead * rows * width];
    for (int i = 0; i < y.length; i++) {
      for (int b = 0; b < ids.length / lead; b++) {
        int id = i / (rows * width) * (ids.length / lead) + b;
        y[i] += ids[id] == i / width % rows ? operands.get(0)[id * width + i % width] : 0;
      }
    }
    return y;
  }

  private static List<PrimitiveCase> folding() {
    Formula.Fold sum = line -> Arrays.stream(line).sum();
    Formula.Fold max = line -> Arrays.stream(line).max().orElseThrow();
    Formula.Fold lse = line -> Math.log(Arrays.stream(line).map(Math::exp).sum());
    Shape shape = Shape.of(2, 3);
    Shape cube = Shape.of(2, 3, 2);
    Formula middle =
        operands ->
            Formula.folds(3, i -> 2 * i, 1, 2, sum)
                .apply(List.of(Formula.folds(6, i -> i, 6, 2, sum).apply(operands)));
    return List.of(
        fold(new Sum(List.of(0)), shape, Formula.folds(3, i -> i, 3, 2, sum)),
        fold(new Sum(List.of(1)), shape, Formula.folds(2, i -> 3 * i, 1, 3, sum)),
        fold(new Sum(List.of(0, 1)), shape, Formula.folds(1, i -> 0, 1, 6, sum)),
        fold(new Sum(List.of(0, 2)), cube, middle),
        fold(new Sum(List.of()), shape, Formula.each(x -> x)),
        fold(new Sum(List.of(1)), Shape.of(2, 0), operands -> new double[2]),
        fold(new ReduceMax(0), shape, Formula.folds(3, i -> i, 3, 2, max)),
        fold(new ReduceMax(1), shape, Formula.folds(2, i -> 3 * i, 1, 3, max)),
        fold(new ReduceMax(1), cube, Formula.folds(4, i -> i / 2 * 6 + i % 2, 2, 3, max)),
        fold(new LogSumExp(0), shape, Formula.folds(3, i -> i, 3, 2, lse)),
        fold(new LogSumExp(1), cube, Formula.folds(4, i -> i / 2 * 6 + i % 2, 2, 3, lse)),
        fold(new FirstMax(1), shape, PrimitiveTable::rowsOfThree));
  }

  private static double[] rowsOfThree(List<double[]> operands) {
    double[] mask = new double[6];
    for (int row = 0; row < 2; row++) {
      double[] line = Vectors.row(operands.get(0), row, 3);
      int best = line[0] > line[1] ? 0 : 1;
      mask[row * 3 + (line[best] > line[2] ? best : 2)] = 1;
    }
    return mask;
  }

  private static List<PrimitiveCase> products() {
    List<PrimitiveCase> table = new ArrayList<>();
    for (boolean left : List.of(false, true)) {
      for (boolean right : List.of(false, true)) {
        table.add(product(left, right, 1));
        table.add(product(left, right, 2));
      }
    }
    return table;
  }

  /** [lead, 2, 3] times [lead, 3, 4]; without the leading axis where it is 1. */
  private static PrimitiveCase product(boolean left, boolean right, int lead) {
    Shape a = left ? Shape.of(3, 2) : Shape.of(2, 3);
    Shape b = right ? Shape.of(4, 3) : Shape.of(3, 4);
    Formula formula =
        operands -> {
          double[] y = new double[8 * lead];
          for (int n = 0; n < lead; n++) {
            RealMatrix x = matrix(Vectors.row(operands.get(0), n, 6), left ? 2 : 3, left);
            RealMatrix w = matrix(Vectors.row(operands.get(1), n, 12), right ? 3 : 4, right);
            double[][] product = x.multiply(w).getData();
            System.arraycopy(product[0], 0, y, 8 * n, 4);
            System.arraycopy(product[1], 0, y, 8 * n + 4, 4);
          }
          return y;
        };
    List<Shape> shapes = lead == 1 ? List.of(a, b) : List.of(a.insert(0, lead), b.insert(0, lead));
    return new PrimitiveCase(
        new MatMul(left, right), shapes, between(-2, 2), formula, ROUNDED, SUMS);
  }

  private static List<PrimitiveCase> squares() {
    Function<RealMatrix, double[]> det = a -> new double[] {lu(a).getDeterminant()};
    return List.of(
        square(new Det(), det, 3),
        square(new Det(), det, 2, 2, 2),
        square(new Det(), det, 1),
        square(new DetSign(), a -> new double[] {Math.signum(det.apply(a)[0])}, 3),
        square(new LogAbsDet(), a -> new double[] {Math.log(Math.abs(det.apply(a)[0]))}, 2, 3),
        square(new Cofactor(), a -> flat(cofactors(a)), 3),
        square(new Cofactor(), a -> flat(cofactors(a)), 2, 2),
        square(new Cofactor(), a -> new double[] {1}, 1),
        square(new Inverse(), a -> flat(lu(a).getSolver().getInverse()), 3),
        square(new Inverse(), a -> flat(lu(a).getSolver().getInverse()), 2, 2));
  }

  /** A primitive of matrices n x n, n the last extent, in a stack of the extents before. */
  private static PrimitiveCase square(
      Primitive primitive, Function<RealMatrix, double[]> function, long... extents) {
    Shape stack = Shape.of(extents).slice(0, extents.length - 1);
    int n = (int) extents[extents.length - 1];
    Formula formula =
        operands -> {
          List<double[]> results = new ArrayList<>();
          for (int k = 0; k < stack.size(); k++) {
            results.add(function.apply(matrix(Vectors.row(operands.get(0), k, n * n), n, false)));
          }
          return Vectors.join(results);
        };
    return new PrimitiveCase(
        primitive,
        List.of(stack.concat(Shape.of(n, n))),
        Sampler.dominant(n),
        formula,
        10 * ROUNDED,
        "elimination in another order, condition numbers below 5");
  }

  private static LUDecomposition lu(RealMatrix a) {
    return new LUDecomposition(a);
  }

  private static RealMatrix cofactors(RealMatrix a) {
    return lu(a).getSolver().getInverse().transpose().scalarMultiply(lu(a).getDeterminant());
  }

  private static double[] flat(RealMatrix a) {
    return Vectors.join(List.of(a.getData()));
  }

  private static RealMatrix matrix(double[] values, int columns, boolean transposed) {
    RealMatrix matrix = new BlockRealMatrix(values.length / columns, columns);
    for (int i = 0; i < values.length; i++) {
      matrix.setEntry(i / columns, i % columns, values[i]);
    }
    return transposed ? matrix.transpose() : matrix;
  }

  private static PrimitiveCase one(
      Primitive primitive, Sampler sampler, DoubleUnaryOperator f, String reason) {
    return elementwise(primitive, 1, sampler, Formula.each(f), reason);
  }

  private static PrimitiveCase two(
      Primitive primitive, Sampler sampler, DoubleBinaryOperator f, String reason) {
    return elementwise(primitive, 2, sampler, Formula.pairs(f), reason);
  }

  private static PrimitiveCase elementwise(
      Primitive primitive, int operands, Sampler sampler, Formula formula, String reason) {
    List<Shape> shapes = operands == 1 ? List.of(Shape.of(2, 3)) : two(Shape.of(2, 3));
    double tolerance = reason.equals(MOVES) ? EXACT : ROUNDED;
    return new PrimitiveCase(primitive, shapes, sampler, formula, tolerance, reason);
  }

  private static List<Shape> two(Shape shape) {
    return List.of(shape, shape);
  }

  private static PrimitiveCase moved(
      Primitive primitive, int size, IntUnaryOperator source, Shape... shapes) {
    Formula formula = Formula.moves(size, source);
    return new PrimitiveCase(primitive, List.of(shapes), between(-2, 2), formula, EXACT, MOVES);
  }

  private static PrimitiveCase fold(Primitive primitive, Shape shape, Formula formula) {
    return new PrimitiveCase(primitive, List.of(shape), apart(), formula, ROUNDED, SUMS);
  }
}
