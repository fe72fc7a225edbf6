package dev.tangents.importer.onnx;

import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import java.util.Optional;

/**
 * A value of an ONNX graph while it is read. Integers and truth values are held in real values of
 * our graph (exact up to 2^53; true is 1); what they are meant as is kept beside them, since 7 / 2
 * is 3 for integers.
 *
 * @param value the value in the graph under construction
 * @param kind what its numbers are meant as
 */
record Tensor(Value value, Kind kind) {
  /** What numbers are meant as. */
  enum Kind {
    /** Floating point of any width. */
    REAL,
    /** Integers of any width. */
    INT,
    /** Truth values. */
    BOOL
  }

  /** The tensor's shape. */
  Shape shape() {
    return value.shape();
  }

  /** The tensor's numbers, if they depend on no sample and on no parameter. */
  Optional<Literal> literal() {
    return value.builder().literal(value);
  }

  /** Whether its numbers are known while the file is read. */
  boolean isKnown() {
    return literal().isPresent();
  }

  /** Another value of the same kind. */
  Tensor with(Value other) {
    return new Tensor(other, kind);
  }
}
