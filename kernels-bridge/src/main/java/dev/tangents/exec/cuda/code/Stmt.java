package dev.tangents.exec.cuda.code;

import java.util.List;

/** A step of a kernel. */
public sealed interface Stmt {
  /** Declares a variable and gives it a value. */
  record Let(Expr.Var variable, Expr value) implements Stmt {}

  /** Gives a declared variable another value. */
  record Set(Expr.Var variable, Expr value) implements Stmt {}

  /** Writes a number to a buffer. */
  record Store(int buffer, Expr at, Expr value) implements Stmt {}

  /** Steps that are taken where a condition holds. */
  record If(Expr condition, List<Stmt> body) implements Stmt {
    /** Copies the list. */
    public If {
      body = List.copyOf(body);
    }
  }

  /** Steps for each integer from {@code from} to {@code to} (exclusive), in this order. */
  record For(Expr.Var variable, Expr from, Expr to, List<Stmt> body) implements Stmt {
    /** Copies the list. */
    public For {
      body = List.copyOf(body);
    }
  }

  /**
   * Steps for each integer from {@code from} to {@code to} (exclusive), in any order: where a block
   * is one instance of the kernel, its threads share the steps, and wait for one another behind
   * them. A step outside of such a loop is taken by every thread alike, so it must not store.
   */
  record Share(Expr.Var variable, Expr from, Expr to, List<Stmt> body) implements Stmt {
    /** Copies the list. */
    public Share {
      body = List.copyOf(body);
    }
  }

  /**
   * Folds numbers into one, in double and in an order that depends on the kernel alone. The threads
   * of a block share the work where a block is one instance of the kernel.
   *
   * @param result variable that is declared and gets the result, wide
   * @param how ADD, MAX or MIN
   * @param body steps before each number
   * @param value the number for each value of {@code variable}
   */
  record Fold(
      Expr.Var result, Op how, Expr.Var variable, Expr from, Expr to, List<Stmt> body, Expr value)
      implements Stmt {
    /** Copies the list. */
    public Fold {
      body = List.copyOf(body);
    }

    /** What folding nothing gives. */
    public double neutral() {
      return how == Op.ADD
          ? 0
          : how == Op.MAX ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
  }
}
