/**
 * Activations and normalisations as compositions of primitives: their derivatives, of any order,
 * follow.
 *
 * <p>Start reading at {@link dev.tangents.op.nn.Activations}.
 */
package dev.tangents.op.nn;
