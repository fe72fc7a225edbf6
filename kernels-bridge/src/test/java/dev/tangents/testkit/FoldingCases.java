package dev.tangents.testkit;

import static dev.tangents.testkit.PrimitiveCase.ROUNDED;
import static dev.tangents.testkit.PrimitiveCase.SUMS;
import static dev.tangents.testkit.Sampler.apart;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import java.util.Arrays;
import java.util.List;

/** Primitives that fold axes away. */
final class FoldingCases {
  private FoldingCases() {}

  /** All lines of this family. */
  static List<PrimitiveCase> all() {
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
        fold(new FirstMax(1), shape, FoldingCases::rowsOfThree));
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

  private static PrimitiveCase fold(Primitive primitive, Shape shape, Formula formula) {
    return new PrimitiveCase(primitive, List.of(shape), apart(), formula, ROUNDED, SUMS);
  }
}
