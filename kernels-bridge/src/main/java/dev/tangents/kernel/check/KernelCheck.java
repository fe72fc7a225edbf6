package dev.tangents.kernel.check;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Networks;
import dev.tangents.kernel.Roofline;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Checks entries K[R, C] of a kernel by the product K v = J_R (J_C^T v) with random signs v: one
 * reverse pass over the samples C and one forward pass over R, instead of the kernel once more
 * (Freivalds 1979, "Fast probabilistic algorithms").
 *
 * <pre>  residual = |K v - J_R (J_C^T v)| / | |K| |v| |     in the norm sqrt(sum of squares)</pre>
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
  private final KernelKind kind;
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
    this.kind = request.kind();
    this.products = new JacobianProducts(engine, graphs(network, request, samples), weights);
  }

  /**
   * Operations of one check: those of k samples, however few R and C have. Trace and per-output
   * kernels take both passes once for each output, the others once.
   *
   * @param samples k
   * @throws TangentsException if the network has several results, or a parameter is unknown
   */
  public static double flops(Graph network, KernelRequest request, int samples) {
    JacobianGraphs graphs = graphs(network, request, samples);
    return graphs.flops() * passes(request.kind(), graphs);
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
    JacobianGraphs graphs = graphs(network, request, samples);
    return (roofline.seconds(graphs.pull()) + roofline.seconds(graphs.push()))
        * passes(request.kind(), graphs);
  }

  private static int passes(KernelKind kind, JacobianGraphs graphs) {
    return pairsOutputs(kind) ? 1 : graphs.outputs();
  }

  private static JacobianGraphs graphs(Graph network, KernelRequest request, int samples) {
    Graph headed =
        request.kind() == KernelKind.SUM ? Networks.normalisedSum(network) : Networks.flat(network);
    return JacobianGraphs.of(headed, request.parameters(), samples);
  }

  /** Whether a row's product takes the columns' outputs all together. */
  private static boolean pairsOutputs(KernelKind kind) {
    return kind == KernelKind.FULL || kind == KernelKind.SUM;
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
    int lanes = lanes();
    double[] signs = signs(c * lanes, seed);
    double[] difference = byJacobians(rows, columns, signs, lanes);
    double[] size = new double[r * lanes];
    double[] kernel = sum(blocks, outputBlocks() * r * c);
    for (int b = 0; b < outputBlocks(); b++) {
      int rowLane = kind == KernelKind.FULL ? b / lanes : b;
      int columnLane = kind == KernelKind.FULL ? b % lanes : b;
      for (int i = 0; i < r * c; i++) {
        double term = kernel[b * r * c + i] * signs[i % c * lanes + columnLane];
        difference[i / c * lanes + rowLane] -= term;
        size[i / c * lanes + rowLane] += Math.abs(term);
      }
    }
    return ratio(norm(difference), norm(size));
  }

  /** Outputs that a row's product keeps apart: v is [c, lanes], K v is [r, lanes]. */
  private int lanes() {
    return kind == KernelKind.TRACE ? 1 : products.outputs();
  }

  private int outputBlocks() {
    return kind == KernelKind.FULL ? products.outputs() * products.outputs() : lanes();
  }

  private static double[] signs(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.ints(count, 0, 2).mapToDouble(bit -> 2 * bit - 1).toArray();
  }

  private double[] byJacobians(HostTensor rows, HostTensor columns, double[] signs, int lanes) {
    if (pairsOutputs(kind)) {
      return products.apply(rows, columns, signs);
    }
    int outputs = products.outputs();
    double[] result = new double[Math.toIntExact(rows.shape().dim(0)) * lanes];
    for (int o = 0; o < outputs; o++) {
      int lane = o % lanes;
      double[] cotangents = new double[signs.length / lanes * outputs];
      for (int m = 0; m < signs.length / lanes; m++) {
        cotangents[m * outputs + o] = signs[m * lanes + lane];
      }
      double[] all = products.apply(rows, columns, cotangents);
      for (int n = 0; n < result.length / lanes; n++) {
        result[n * lanes + lane] += all[n * outputs + o];
      }
    }
    return result;
  }

  private static double[] sum(List<HostTensor> blocks, int length) {
    double[] sum = new double[length];
    for (HostTensor block : blocks) {
      if (block.shape().size() != length) {
        throw TangentsException.internal(
            "Kernel check: expected %d entries, got %s", length, block.shape());
      }
      for (int i = 0; i < length; i++) {
        sum[i] += block.at(i);
      }
    }
    return sum;
  }

  /** The root of the sum of squares, which does not overflow before it does itself. */
  private static double norm(double... values) {
    double norm = 0;
    for (double value : values) {
      norm = Math.hypot(norm, value);
    }
    return norm;
  }

  private static double ratio(double difference, double size) {
    if (difference == 0) {
      return 0;
    }
    double ratio = difference / size;
    return Double.isFinite(ratio) ? ratio : Double.POSITIVE_INFINITY;
  }

  @Override
  public void close() {
    products.close();
  }
}
