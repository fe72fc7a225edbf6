/**
 * Matrix products; determinants and inverses of square matrices.
 *
 * <p>Start reading at {@link dev.tangents.op.linalg.MatMul}.
 */
package dev.tangents.op.linalg;
