/**
 * The primitives: what a graph can say. One file each, in folders by family.
 *
 * <pre>
 *   elementwise/  add mul tanh relu ...      shape/   reshape transpose broadcast concat slice
 *   linalg/       matmul det inverse ...     reduce/  sum max logsumexp
 *   index/        gather, windows, and their transposes
 *   nn/           softmax, gelu, silu ...: named compositions of the above, with no rules of their own
 * </pre>
 *
 * <p>Imports {@code ir} and {@code error} only: a rule builds nodes and never sees an array. Adding
 * one: its file here, one line in {@link dev.tangents.op.Primitives}, its lowering in each engine,
 * one line in the test table.
 *
 * <p>Start reading at {@link dev.tangents.op.elementwise.Tanh}, then {@link
 * dev.tangents.op.linalg.MatMul}.
 */
package dev.tangents.op;
