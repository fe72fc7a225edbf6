package dev.tangents.job.io.parquet;

import java.io.Serializable;
import java.util.Objects;

/** An id or a label: a whole number, a real number, a string, or nothing. Immutable. */
public final class Scalar implements Serializable {
  /** Nothing. */
  public static final Scalar NONE = new Scalar(Type.NONE, 0, 0, "");

  private static final long serialVersionUID = 1L;

  private final Type type;
  private final long integer;
  private final double real;
  private final String text;

  private Scalar(Type type, long integer, double real, String text) {
    this.type = type;
    this.integer = integer;
    this.real = real;
    this.text = text;
  }

  /** Kind of value in a column. */
  public enum Type {
    /** No column, or a null. */
    NONE,
    /** {@code bigint}. */
    INTEGER,
    /** {@code double}. */
    REAL,
    /** {@code string}. */
    TEXT
  }

  /** A whole number. */
  public static Scalar of(long value) {
    return new Scalar(Type.INTEGER, value, 0, "");
  }

  /** A real number. */
  public static Scalar of(double value) {
    return new Scalar(Type.REAL, 0, value, "");
  }

  /** A string. */
  public static Scalar of(String value) {
    return new Scalar(Type.TEXT, 0, 0, Objects.requireNonNull(value));
  }

  /** A value of a Spark row: null, Long, Double or String. */
  public static Scalar ofRow(Object value) {
    if (value == null) {
      return NONE;
    }
    if (value instanceof Long integer) {
      return of(integer.longValue());
    }
    return value instanceof Double real ? of(real.doubleValue()) : of((String) value);
  }

  /** Kind of value. */
  public Type type() {
    return type;
  }

  /** Whether there is a value. */
  public boolean isPresent() {
    return type != Type.NONE;
  }

  /** The whole number; 0 for another type. */
  public long integer() {
    return integer;
  }

  /** The real number; 0 for another type. */
  public double real() {
    return real;
  }

  /** The string; empty for another type. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scalar scalar
        && type == scalar.type
        && integer == scalar.integer
        && Double.compare(real, scalar.real) == 0
        && text.equals(scalar.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type.name(), integer, real, text);
  }

  /** The value as it is shown. */
  @Override
  public String toString() {
    return switch (type) {
      case NONE -> "";
      case INTEGER -> Long.toString(integer);
      case REAL -> Double.toString(real);
      case TEXT -> text;
    };
  }
}
