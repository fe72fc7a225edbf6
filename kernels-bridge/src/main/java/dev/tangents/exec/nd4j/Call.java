package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;
import java.util.List;

/**
 * One application of a primitive to be lowered.
 *
 * @param operands the operands, in order
 * @param slot where the result goes
 * @param shape shape of the result; never empty, since empty results need no step
 * @param scratch Java arrays shared by all steps of an executable
 */
record Call(List<Operand> operands, int slot, Shape shape, Scratch scratch) {
  /** Copies the list. */
  Call {
    operands = List.copyOf(operands);
  }

  /** Operand {@code index}. */
  Operand operand(int index) {
    return operands.get(index);
  }

  /** Number of elements of the result. */
  int size() {
    return shape.intSize();
  }
}
