/** Matrix products. */
package dev.tangents.op.linalg;
