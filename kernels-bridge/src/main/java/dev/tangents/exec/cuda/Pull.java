package dev.tangents.exec.cuda;

import dev.tangents.exec.cuda.code.Body;
import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;

/**
 * A primitive each of whose elements is a short formula of elements of its operands: it can be
 * computed where it is read, inside of the kernel that reads it.
 */
@FunctionalInterface
interface Pull<P extends Primitive> {
  /** Element {@code index} of the result, counted row-major. */
  Expr at(P primitive, Reader reader, Expr index);

  /** What a formula reads. */
  interface Reader {
    /** Element {@code index} of operand {@code k}; steps that it needs are added to the body. */
    Expr operand(int k, Expr index);

    /**
     * Element {@code index} of operand {@code k}; steps that it needs are added to an inner body.
     */
    Expr operand(int k, Expr index, Body inner);

    /** Shape of operand {@code k}. */
    Shape shape(int k);

    /** Shape of the result. */
    Shape shape();

    /** The body under construction. */
    Body body();

    /**
     * The buffer where a row number that is in no table is reported: 1, the number, and how many
     * rows there are.
     */
    int complaints();
  }
}
