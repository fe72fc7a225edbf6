/** Matrix products; determinants and inverses of square matrices. */
package dev.tangents.op.linalg;
