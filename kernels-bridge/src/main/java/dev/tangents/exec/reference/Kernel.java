package dev.tangents.exec.reference;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import java.util.List;

/** How the reference engine computes one primitive. */
@FunctionalInterface
interface Kernel<P extends Primitive> {
  /**
   * The result, row-major.
   *
   * @param operands row-major operands, not to be written to
   * @param shapes their shapes
   * @param result shape of the result
   */
  double[] apply(P primitive, List<double[]> operands, List<Shape> shapes, Shape result);
}
