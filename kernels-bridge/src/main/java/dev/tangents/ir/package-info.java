/**
 * The intermediate representation: a network as a graph of typed nodes for ONE sample.
 *
 * <pre>
 *   Graph ── nodes in topological order ──┬─ Node.Input      a sample's value, named
 *                                         ├─ Node.Parameter  a trained weight, named, value kept elsewhere
 *                                         ├─ Node.Constant   a literal tensor
 *                                         └─ Node.Apply      a {@link dev.tangents.ir.Primitive} of earlier nodes
 * </pre>
 *
 * <p>Imports nothing of the project but {@code error}. Primitives live in {@code op} and implement
 * {@link dev.tangents.ir.Primitive}; this package never names one of them, so adding a primitive
 * never changes it.
 *
 * <p>Start reading at {@link dev.tangents.ir.Graph}, then {@link dev.tangents.ir.Primitive}.
 */
package dev.tangents.ir;
