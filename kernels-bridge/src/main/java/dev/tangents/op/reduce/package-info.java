/**
 * Primitives that fold axes away.
 *
 * <p>Start reading at {@link dev.tangents.op.reduce.Sum}.
 */
package dev.tangents.op.reduce;
