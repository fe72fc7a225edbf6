package dev.tangents.exec.cuda;

import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.ir.Primitive;

/** A primitive that has a kernel of its own, which writes its whole result. */
@FunctionalInterface
interface Push<P extends Primitive> {
  /**
   * Builds the kernel.
   *
   * @param kernel has the operands to read and the result to write
   */
  Kernel build(P primitive, KernelBuilder kernel);
}
