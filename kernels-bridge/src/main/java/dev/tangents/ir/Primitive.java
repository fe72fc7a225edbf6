package dev.tangents.ir;

import java.util.List;
import java.util.Optional;

/**
 * An operation: its shape rule and how each transform acts on it. A primitive is a record whose
 * components are its static attributes (axes, flags, target shapes), so two applications are the
 * same computation exactly if their primitives and operands are equal.
 *
 * <p>Rules build graph nodes and never touch an array. A derivative is therefore again a graph, and
 * derivatives compose to any order. What a primitive <em>computes</em> is stated once per engine,
 * by its lowering.
 */
public interface Primitive {
  /** Stable lower-case name, for messages, printed graphs and documents. */
  String name();

  /**
   * Type of the result.
   *
   * @throws dev.tangents.error.TangentsException if the operands do not fit, naming both sides
   */
  TensorType resultType(List<TensorType> inputs);

  /**
   * Pushes tangents forward: given dx_i, returns dy = sum_i (dy/dx_i) dx_i.
   *
   * @param tangents one per operand; never all zero
   */
  Tangent jvp(Site site, List<Tangent> tangents);

  /**
   * Pulls a cotangent back: given w of y's shape, returns (dy/dx_i)^T w for every operand, with a
   * symbolic zero where y does not depend on it.
   */
  List<Tangent> vjp(Site site, Value cotangent);

  /**
   * Applies the primitive to a whole batch.
   *
   * @param inputs the operands; at least one carries the batch axis
   * @param size extent of the batch axis
   * @return the result, with the batch axis in front
   */
  Value batch(List<Mapped> inputs, long size);

  /**
   * A simpler value equal to this application, where the operands allow one: x + 0 is x. Asked
   * whenever the primitive is applied, after {@link #resultType} accepted the operands; must have
   * that type.
   */
  default Optional<Value> simplify(List<Value> inputs) {
    return Optional.empty();
  }

  /**
   * The determinant of the Jacobian of the result by operand {@code operand} alone, the others held
   * fixed, where that map is square and its determinant is known without its Jacobian.
   */
  default Optional<LogDeterminant> determinant(Site site, int operand) {
    return Optional.empty();
  }

  /**
   * Whether element i of the result depends on element i of each operand alone, all of one shape.
   */
  default boolean elementwise() {
    return false;
  }
}
