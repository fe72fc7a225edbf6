package dev.tangents.exec.nd4j;

import dev.tangents.ir.Primitive;
import java.util.List;

/**
 * How the engine computes one kind of primitive.
 *
 * @param type the primitive
 * @param inPlace whether the result may overwrite an operand of its size
 * @param splats whether an operand may be one number instead of a slot
 * @param repeats whether an operand may be a slot whose elements are repeated
 * @param maker makes the step
 * @param pairing of a function of two numbers, or null
 */
record Lowering<P extends Primitive>(
    Class<P> type,
    boolean inPlace,
    boolean splats,
    boolean repeats,
    Maker<P> maker,
    Pairing pairing) {

  /** One whose operands are all formed. */
  Lowering(Class<P> type, boolean inPlace, boolean splats, Maker<P> maker) {
    this(type, inPlace, splats, false, maker, null);
  }

  /** Makes the step of one application. */
  @FunctionalInterface
  interface Maker<P extends Primitive> {
    /** The step that computes {@code primitive} as {@code call} says. */
    Step make(P primitive, Call call);
  }

  /** Names the function of two numbers. */
  @FunctionalInterface
  interface Pairing {
    /** The function and its operands. */
    PairStep.Link of(List<Operand> operands);
  }

  /** Whether it applies a function of two numbers, so that it can be part of a longer step. */
  boolean pairs() {
    return pairing != null;
  }

  /** The step of one application of this primitive. */
  Step lower(Primitive primitive, Call call) {
    return maker.make(type.cast(primitive), call);
  }
}
