package dev.tangents.transform;

import dev.tangents.ir.Literal;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.TensorType;
import java.util.List;

/** Computes a primitive of constants, in double. The reference engine is one. */
@FunctionalInterface
public interface ConstantFolder {
  /**
   * The value of {@code primitive} applied to {@code arguments}.
   *
   * @param result type of the value
   */
  Literal fold(Primitive primitive, List<Literal> arguments, TensorType result);
}
