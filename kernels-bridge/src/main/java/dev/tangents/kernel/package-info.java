/**
 * The neural tangent kernel K(x, x') = J(x) J(x')^T without the Jacobian: as sums of Hadamard
 * products of small Gram matrices (Novak et al. 2022, "structured derivatives"; {@code
 * kernels-bridge/docs/kernels.md}).
 *
 * <pre>
 *   network ─ TermFinder ─> KernelTerm per parameter: which values, outer-multiplied, are its gradient
 *           ─ MethodPlanner > in which order its products are formed, by a roofline
 *           ─ FactorGraph ─> one graph: samples -> factors          run once for each micro-batch
 *           ─ TileGraph ──>  one graph: factors of two panels -> K   run once for each tile
 *   KernelPlan puts them together; GramKernel runs them on an engine, TileAssembly joins passes.
 * </pre>
 *
 * <p>The same factors give other quantities without a gradient: {@link
 * dev.tangents.kernel.GradientNorms} and, from these, {@link dev.tangents.kernel.ClippedGradients};
 * random features of gradients are {@link dev.tangents.kernel.Projections}. {@link
 * dev.tangents.kernel.check.KernelCheck} comes to a kernel's entries by another way; {@link
 * dev.tangents.kernel.StrictSample} gives what tiles in a reduced arithmetic are compared with.
 *
 * <p>Letters: N samples of the row panel, M of the column panel, O outputs, T positions, r x s the
 * shape of a weight. Imports {@code ir}, {@code op}, {@code transform}, {@code exec}, {@code error}
 * and, to fold constants, {@code exec.reference}.
 *
 * <p>Start reading at {@link dev.tangents.kernel.KernelTerm}, then {@link
 * dev.tangents.kernel.TileGraph}.
 */
package dev.tangents.kernel;
