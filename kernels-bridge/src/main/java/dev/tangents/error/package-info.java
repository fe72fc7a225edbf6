/**
 * Failures that a user can read: one exception with a category, and the message grammar
 *
 * <pre>  where: rule broken; expected X, got Y. What to do</pre>
 *
 * <p>Imports nothing of the project. Every other package may use it.
 *
 * <p>Start reading at {@link dev.tangents.error.TangentsException}.
 */
package dev.tangents.error;
