/** Primitives that fold axes away. */
package dev.tangents.op.reduce;
