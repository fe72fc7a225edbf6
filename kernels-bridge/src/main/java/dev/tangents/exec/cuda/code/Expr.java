package dev.tangents.exec.cuda.code;

import java.util.List;

/** A number that a kernel computes. Immutable; built by {@link Ints} and {@link Reals}. */
public sealed interface Expr {
  /** What kind of number. */
  Kind kind();

  /** A known number. */
  record Num(Kind kind, double value) implements Expr {}

  /**
   * A variable: of a loop, or one that a statement has declared.
   *
   * @param least smallest value, for integers
   * @param most largest value, for integers
   */
  record Var(Kind kind, String name, long least, long most) implements Expr {}

  /**
   * A function of numbers.
   *
   * @param least smallest value, for integers
   * @param most largest value, for integers
   */
  record Apply(Kind kind, Op op, List<Expr> arguments, long least, long most) implements Expr {
    /** Copies the list. */
    public Apply {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A number of a buffer.
   *
   * @param buffer which one of the kernel's
   * @param at position in it, counted in numbers
   */
  record Load(Kind kind, int buffer, Expr at) implements Expr {}
}
