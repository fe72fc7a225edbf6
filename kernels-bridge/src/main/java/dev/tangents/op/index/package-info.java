/**
 * Primitives that pick elements by position, and their transposes, which add elements up where they
 * were picked from. Each pair is closed under differentiation. Convolution, pooling and embedding
 * are made of them.
 *
 * <p>Start reading at {@link dev.tangents.op.index.Strides}.
 */
package dev.tangents.op.index;
