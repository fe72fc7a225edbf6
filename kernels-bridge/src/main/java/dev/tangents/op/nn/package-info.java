/**
 * Activations and normalisations as compositions of primitives: their derivatives, of any order,
 * follow.
 */
package dev.tangents.op.nn;
