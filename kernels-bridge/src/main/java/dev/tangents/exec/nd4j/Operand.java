package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;

/**
 * An operand of a step: a slot of the frame, or one number that stands for all elements.
 *
 * @param slot where its elements are, or -1 for a splat
 * @param shape its shape
 * @param splat the number of a splat
 */
record Operand(int slot, Shape shape, double splat) {
  /** Elements in a slot. */
  static Operand in(int slot, Shape shape) {
    return new Operand(slot, shape, Double.NaN);
  }

  /** A constant whose elements all are {@code value}. */
  static Operand splat(double value, Shape shape) {
    return new Operand(-1, shape, value);
  }

  /** Whether it is one number for all elements. */
  boolean isSplat() {
    return slot < 0;
  }
}
