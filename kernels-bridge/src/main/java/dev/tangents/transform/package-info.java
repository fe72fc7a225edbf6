/**
 * What can be done to any graph: differentiate it forward, differentiate it backward, give it a
 * batch axis, make it smaller, fix an input. None of them knows a primitive; each asks the
 * primitive.
 *
 * <pre>
 *   Jvp    (x, dx) -> dy            Batch     a new leading axis on chosen inputs: samples N, lanes V
 *   Vjp    (x, w)  -> J^T w         Simplify  dead code, common subexpressions, constants
 *                                   Bind      an input becomes a constant or a parameter
 * </pre>
 *
 * <p>Each returns a graph, so they compose: a Hessian is {@code Jvp(Vjp(f))}, a Jacobian of a batch
 * {@code Batch_N(Batch_V(Vjp(f)))}. Imports {@code ir}, {@code error} and, from {@code op}, the sum
 * of cotangents, the repetition of shared values and the moving of an axis.
 *
 * <p>Start reading at {@link dev.tangents.transform.Vjp}.
 */
package dev.tangents.transform;
