/**
 * Primitives that move elements and compute nothing.
 *
 * <p>Start reading at {@link dev.tangents.op.shape.Transpose}.
 */
package dev.tangents.op.shape;
