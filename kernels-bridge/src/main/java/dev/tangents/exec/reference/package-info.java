/**
 * The oracle: every primitive as the plainest loop, in double. Written to be obviously right and
 * never optimised; each other engine is compared with it. Also folds constants for {@code
 * Simplify}.
 *
 * <p>Start reading at {@link dev.tangents.exec.reference.ReferenceKernels}.
 */
package dev.tangents.exec.reference;
