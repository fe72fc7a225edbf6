/**
 * Derivatives as tensors, composed of the transforms: no class here knows a primitive.
 *
 * <pre>
 *   Jacobians  [O..., in...]          Batch over a basis of Vjp (reverse) or of Jvp (forward)
 *   Hessians   [O..., in..., in...]   a Jacobian of a Vjp or of a Jvp, over a basis again
 * </pre>
 *
 * <p>Each takes a graph of one sample and returns one, with the same inputs; {@code Batch} over its
 * inputs gives a batch of samples. The results hold copies of the network that {@code Simplify}
 * merges. Imports {@code ir}, {@code op} and {@code transform}.
 *
 * <p>Start reading at {@link dev.tangents.derivative.Jacobians}.
 */
package dev.tangents.derivative;
