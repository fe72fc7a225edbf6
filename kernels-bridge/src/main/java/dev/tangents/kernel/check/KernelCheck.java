package dev.tangents.kernel.check;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Roofline;
import java.util.List;

/**
 * Checks entries K[R, C] of a kernel by the product K v = J_R (J_C^T v) with random signs v: one
 * reverse pass over the samples C and one forward pass over R, instead of the kernel once more
 * (Freivalds 1979, "Fast probabilistic algorithms").
 *
 * <pre>  residual = |K v - J_R (J_C^T v)| / |K|     in the norms sqrt(sum of squares), K = K[R, C]
 * </pre>
 *
 * <p>It sees a wrong factor, product, sum over uses or outputs, a block in the wrong place, samples
 * of the wrong panel, and memory that was written over, where they touch R and C. A row with one
 * wrong entry is always seen, one with several with a probability of at least 1/2: their errors may
 * cancel under v. Forward and reverse rules of a primitive are different code, so a mistake in one
 * of them is seen as well.
 *
 * <p>It does not see what lies outside R and C, nor what both sides have in common: the network as
 * it was imported, its weights, the engine's arithmetic, a primitive's two rules wrong in the same
 * way; nor errors below rounding.
 *
 * <p>Not every large residual is a fault. Where K[R, C] is small against sqrt(K(x, x) K(x', x'))
 * rounding weighs more, and it is all there is where K is 0 only in exact arithmetic, as for the
 * sum of a softmax. A unit so close to a kink that rounding decides its side may be on either.
 */
public final class KernelCheck implements AutoCloseable {
  private final Probe probe;
  private final JacobianProducts products;

  /**
   * Prepares the check of a kernel.
   *
   * @param network of one sample and one real result
   * @param request the kernel's kind and parameters; how it was computed does not matter
   * @param samples k, the most in R or C
   * @throws TangentsException if the network has several results, a parameter is unknown, or there
   *     is not enough memory
   */
  public KernelCheck(
      Engine engine, Graph network, KernelRequest request, Weights weights, int samples) {
    this.products = new JacobianProducts(engine, network, request, weights, samples);
    this.probe = new Probe(request.kind(), products.outputs());
  }

  /**
   * Operations of one check: those of k samples, however few R and C have. Trace and per-output
   * kernels take both passes once for each output, the others once.
   *
   * @param samples k
   * @throws TangentsException if the network has several results, or a parameter is unknown
   */
  public static double flops(Graph network, KernelRequest request, int samples) {
    JacobianGraphs graphs = JacobianGraphs.of(network, request, samples);
    return graphs.flops() * new Probe(request.kind(), graphs.outputs()).passes();
  }

  /**
   * Seconds of one check, as predicted. Of few samples it is bound by the traffic of weights and
   * their cotangents: then fewer samples take hardly less.
   *
   * @param samples k
   * @param roofline what the machine does in a second
   * @throws TangentsException as {@link #flops}
   */
  public static double seconds(
      Graph network, KernelRequest request, int samples, Roofline roofline) {
    JacobianGraphs graphs = JacobianGraphs.of(network, request, samples);
    return (roofline.seconds(graphs.pull()) + roofline.seconds(graphs.push()))
        * new Probe(request.kind(), graphs.outputs()).passes();
  }

  /** Bytes of engine memory held. */
  public long bytes() {
    return products.bytes();
  }

  /**
   * How far entries of the kernel are from the product of Jacobians: about the engine's rounding,
   * 1e-15 or 1e-7, where all is well.
   *
   * @param rows the samples R, [r, width], r from 1 to k: the network's inputs one behind the other
   * @param columns the samples C, [c, width], c from 1 to k
   * @param blocks K[R, C] as [B, r, c], with blocks as {@link dev.tangents.kernel.TileResult} has
   *     them; of a kernel by components one for each, which are added up
   * @param seed of v
   * @return infinity if a number on either side is not finite, 0 if both sides are zero
   * @throws TangentsException if samples have another width or are more than k, or the blocks have
   *     another size
   */
  public double residual(HostTensor rows, HostTensor columns, List<HostTensor> blocks, long seed) {
    int r = Math.toIntExact(rows.shape().dim(0));
    int c = Math.toIntExact(columns.shape().dim(0));
    double[] signs = probe.signs(c, seed);
    double[] kernel = new double[r * probe.lanes()];
    double[] squares = new double[r * probe.lanes()];
    probe.multiply(sum(blocks, Shape.of(probe.blocks(), r, c)), signs, kernel, squares);
    double[] jacobians = new double[r * probe.lanes()];
    for (int pass = 0; pass < probe.passes(); pass++) {
      double[] product = products.apply(rows, columns, probe.cotangents(signs, pass));
      probe.add(product, pass, jacobians);
    }
    return Probe.residual(kernel, jacobians, squares);
  }

  private static HostTensor sum(List<HostTensor> blocks, Shape shape) {
    double[] sum = new double[shape.intSize()];
    for (HostTensor block : blocks) {
      if (block.shape().size() != sum.length) {
        throw TangentsException.internal(
            "Kernel check: expected %d entries, got %s", sum.length, block.shape());
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] += block.at(i);
      }
    }
    return HostTensor.of(shape, sum);
  }

  @Override
  public void close() {
    products.close();
  }
}
