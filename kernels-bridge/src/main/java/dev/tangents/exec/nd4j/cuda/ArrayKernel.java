package dev.tangents.exec.nd4j.cuda;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How arrays compute one primitive. */
@FunctionalInterface
interface ArrayKernel<P extends Primitive> {
  /**
   * The result, in an array of its own or as a view of an operand.
   *
   * @param operands row-major and contiguous, of at least one axis; not to be written to
   * @param result shape of the result
   */
  INDArray apply(P primitive, List<INDArray> operands, Shape result);
}
