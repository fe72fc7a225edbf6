/** Primitives that move elements and compute nothing. */
package dev.tangents.op.shape;
