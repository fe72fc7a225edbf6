package dev.tangents.exec.nd4j;

import dev.tangents.ir.Shape;

/**
 * An operand of a step: a slot of the frame, or one number that stands for all elements.
 *
 * @param slot where its elements are, or -1 for a splat
 * @param shape its shape
 * @param splat the number of a splat
 * @param repeat how the elements of the slot are repeated, or null if they are taken as they lie
 */
record Operand(int slot, Shape shape, double splat, Repeat repeat) {
  /** Elements in a slot. */
  static Operand in(int slot, Shape shape) {
    return new Operand(slot, shape, Double.NaN, null);
  }

  /** Elements in a slot, repeated unless {@code repeat} is null. */
  static Operand in(int slot, Shape shape, Repeat repeat) {
    return new Operand(slot, shape, Double.NaN, repeat);
  }

  /** A constant whose elements all are {@code value}. */
  static Operand splat(double value, Shape shape) {
    return new Operand(-1, shape, value, null);
  }

  /** Whether it is one number for all elements. */
  boolean isSplat() {
    return slot < 0;
  }
}
