/**
 * A second way to the kernel, to check the first by: K v = J (J^T v), one reverse and one forward
 * pass through the network.
 *
 * <pre>
 *   JacobianGraphs    J_C^T v and J_R u over a batch, as graphs; what they cost
 *   JacobianProducts  runs them on an engine: in one go for few samples, batch by batch for many
 *   KernelCheck       how far entries K[R, C] are from J_R J_C^T
 * </pre>
 *
 * <p>Shares no code with what it checks: of {@code kernel} it imports the request, its kind, the
 * heads of networks and the roofline alone, which a test holds it to. Letters: k samples at once, r
 * and c of them in R and C, O outputs.
 *
 * <p>Start reading at {@link dev.tangents.kernel.check.KernelCheck}.
 */
package dev.tangents.kernel.check;
