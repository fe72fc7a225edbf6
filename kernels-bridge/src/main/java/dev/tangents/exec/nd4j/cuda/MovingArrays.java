package dev.tangents.exec.nd4j.cuda;

import dev.tangents.ir.Shape;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Primitives that move elements: views, which are then copied. */
final class MovingArrays {
  private MovingArrays() {}

  /** Adds this family's kernels. */
  static void register(ArrayKernels.Table table) {
    table.add(Reshape.class, (reshape, operands, result) -> operands.get(0).dup('c'));
    table.add(
        Transpose.class,
        (transpose, operands, result) ->
            operands
                .get(0)
                .permute(transpose.permutation().stream().mapToInt(Integer::intValue).toArray())
                .dup('c'));
    table.add(Broadcast.class, MovingArrays::broadcast);
    table.add(Slice.class, MovingArrays::slice);
    table.add(
        Concat.class,
        (concat, operands, result) ->
            Nd4j.concat(concat.axis(), operands.toArray(INDArray[]::new)));
  }

  private static INDArray broadcast(Broadcast broadcast, List<INDArray> operands, Shape result) {
    long[] extents = new long[result.rank()];
    Arrays.fill(extents, 1);
    broadcast.axes().forEach(axis -> extents[axis] = result.dim(axis));
    return operands.get(0).reshape('c', extents).broadcast(result.dims());
  }

  private static INDArray slice(Slice slice, List<INDArray> operands, Shape result) {
    INDArrayIndex[] part = new INDArrayIndex[result.rank()];
    Arrays.fill(part, NDArrayIndex.all());
    long start = slice.start();
    part[slice.axis()] = NDArrayIndex.interval(start, start + result.dim(slice.axis()));
    return operands.get(0).get(part).dup('c');
  }
}
