/**
 * Exact derivatives of trained networks. Nothing below this package in this module knows Spark.
 *
 * <p>Start reading at {@link dev.tangents.ir.Graph}.
 */
package dev.tangents;
