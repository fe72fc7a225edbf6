package dev.tangents.ir;

/**
 * A tangent or cotangent: a value, or a zero that is only a symbol. Rules skip work on symbolic
 * zeros, so an input that nothing depends on costs nothing and no array of zeros is built for it.
 */
public sealed interface Tangent permits Tangent.Zero, Tangent.Of {
  /** Type of the quantity that this perturbs. */
  TensorType type();

  /** Whether this is the symbolic zero. */
  default boolean isZero() {
    return this instanceof Zero;
  }

  /** A zero of the given type. */
  static Tangent zero(TensorType type) {
    return new Zero(type);
  }

  /** The tangent held by {@code value}. */
  static Tangent of(Value value) {
    return new Of(value);
  }

  /** The value, with a symbolic zero turned into a constant of zeros in {@code builder}. */
  Value materialise(GraphBuilder builder);

  /** The symbolic zero. */
  record Zero(TensorType type) implements Tangent {
    @Override
    public Value materialise(GraphBuilder builder) {
      return builder.constant(Literal.splat(type, 0));
    }
  }

  /** A tangent that is a value of the graph. */
  record Of(Value value) implements Tangent {
    @Override
    public TensorType type() {
      return value.type();
    }

    @Override
    public Value materialise(GraphBuilder builder) {
      return value;
    }
  }
}
