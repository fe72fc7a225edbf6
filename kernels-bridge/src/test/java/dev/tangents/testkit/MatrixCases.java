package dev.tangents.testkit;

import static dev.tangents.testkit.PrimitiveCase.ROUNDED;
import static dev.tangents.testkit.PrimitiveCase.SUMS;
import static dev.tangents.testkit.Sampler.between;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;
import dev.tangents.op.linalg.MatMul;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.BlockRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/** Products and functions of matrices. */
final class MatrixCases {
  private MatrixCases() {}

  /** All lines of this family. */
  static List<PrimitiveCase> all() {
    return Stream.of(products(), squares()).flatMap(List::stream).toList();
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
}
