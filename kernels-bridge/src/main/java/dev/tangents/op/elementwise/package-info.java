/**
 * Primitives that act on each element alone; operands have equal shapes, and broadcasting is
 * explicit.
 *
 * <p>Start reading at {@link dev.tangents.op.elementwise.Unary}.
 */
package dev.tangents.op.elementwise;
