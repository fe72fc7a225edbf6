package dev.tangents.exec.nd4j;

import dev.tangents.ir.Primitive;

/**
 * How the engine computes one kind of primitive.
 *
 * @param type the primitive
 * @param inPlace whether the result may overwrite an operand of its size
 * @param splats whether an operand may be one number instead of a slot
 * @param repeats whether an operand may be a slot whose elements are repeated
 * @param maker makes the step
 */
record Lowering<P extends Primitive>(
    Class<P> type, boolean inPlace, boolean splats, boolean repeats, Maker<P> maker) {

  /** One whose operands are all formed. */
  Lowering(Class<P> type, boolean inPlace, boolean splats, Maker<P> maker) {
    this(type, inPlace, splats, false, maker);
  }

  /** Makes the step of one application. */
  @FunctionalInterface
  interface Maker<P extends Primitive> {
    /** The step that computes {@code primitive} as {@code call} says. */
    Step make(P primitive, Call call);
  }

  /** The step of one application of this primitive. */
  Step lower(Primitive primitive, Call call) {
    return maker.make(type.cast(primitive), call);
  }
}
