/**
 * Primitives that act on each element alone; operands have equal shapes, and broadcasting is
 * explicit.
 */
package dev.tangents.op.elementwise;
