package dev.tangents.exec.nd4j.cuda;

import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Primitives that fold an axis away, matrix products among them. */
final class FoldingArrays {
  private FoldingArrays() {}

  /** Adds this family's kernels. */
  static void register(ArrayKernels.Table table) {
    table.add(
        Sum.class,
        (sum, operands, result) ->
            operands.get(0).sum(sum.axes().stream().mapToInt(Integer::intValue).toArray()));
    table.add(ReduceMax.class, (max, operands, result) -> operands.get(0).max(max.axis()));
    table.add(LogSumExp.class, (fold, operands, result) -> logSumExp(operands.get(0), fold.axis()));
    table.add(FirstMax.class, (first, operands, result) -> firstMax(operands.get(0), first.axis()));
    table.add(MatMul.class, FoldingArrays::multiply);
  }

  /** ln sum e^(x - m) + m with m the maximum, or 0 where that is infinite. */
  private static INDArray logSumExp(INDArray x, int axis) {
    INDArray shift = x.max(true, axis);
    BooleanIndexing.replaceWhere(shift, 0, Conditions.isInfinite());
    try (shift;
        INDArray repeated = shift.broadcast(x.shape());
        INDArray powers = Transforms.exp(x.sub(repeated), false)) {
      return Transforms.log(powers.sum(true, axis), false).addi(shift);
    }
  }

  /** 1 where an element is the maximum and the first that is, else 0. */
  private static INDArray firstMax(INDArray x, int axis) {
    try (INDArray max = x.max(true, axis);
        INDArray repeated = max.broadcast(x.shape());
        INDArray mask = x.eq(repeated)) {
      INDArray equal = mask.castTo(x.dataType());
      try (INDArray counted = equal.cumsum(axis);
          INDArray firsts = counted.eq(1);
          INDArray numbers = firsts.castTo(x.dataType())) {
        return equal.muli(numbers);
      }
    }
  }

  private static INDArray multiply(MatMul matMul, List<INDArray> operands, Shape result) {
    INDArray y = Nd4j.createUninitialized(operands.get(0).dataType(), result.dims(), 'c');
    return Nd4j.matmul(
        operands.get(0),
        operands.get(1),
        y,
        matMul.transposeLeft(),
        matMul.transposeRight(),
        false);
  }
}
