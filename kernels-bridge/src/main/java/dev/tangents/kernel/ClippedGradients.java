package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Div.div;
import static dev.tangents.op.elementwise.Max.max;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sums of loss gradients that are clipped sample by sample (Abadi et al. 2016, algorithm 1),
 * without a gradient of one sample: the norms come from the factors, and the clipping factors c_n
 * seed a second reverse pass over the whole batch, sum_n c_n dL_n/dtheta (Li et al. 2022, "ghost
 * clipping").
 *
 * <pre>  c_n = min(1, C / |dL_n/dtheta|) = C / max(|dL_n/dtheta|, C)</pre>
 *
 * <p>The norm is that of all named parameters together. A gradient of zero has c_n = 1.
 */
public final class ClippedGradients {
  private ClippedGradients() {}

  /**
   * The clipped sum over N samples, with N in front of every input: losses [N], norms [N] before
   * clipping, then for each parameter the sum over samples of c_n dL_n/dtheta, of its shape. The
   * losses are not clipped, and nothing is divided by N.
   *
   * @param loss the graph of one sample's loss, []
   * @param bound C, above 0
   * @param samples N
   * @throws TangentsException if the result is not one real scalar, a parameter is unknown, or the
   *     bound is not a positive number
   */
  public static Graph sum(Graph loss, List<String> parameters, double bound, long samples) {
    if (!(bound > 0) || Double.isInfinite(bound)) {
      throw TangentsException.user(
          "Clipping: expected a bound above 0, got %s. It is the largest norm that a sample's gradient keeps",
          bound);
    }
    Set<String> inputs =
        loss.inputs().stream().map(Node.Input::name).collect(Collectors.toUnmodifiableSet());
    Graph norms = Batch.of(GradientNorms.of(loss, parameters), inputs, samples);
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = norms.copyInto(builder);
    int lossId = norms.outputs().get(0);
    Value norm = values.get(norms.outputs().get(1));
    Value c = builder.splat(norm.shape(), bound);
    Value factor = div(c, max(norm, c));
    // The factor is a seed, not a part of the loss, so it is not differentiated; nor is the pass
    // that gave the norms, which the losses do not depend on.
    List<Tangent> cotangents =
        Vjp.pull(norms.withOutputs(List.of(lossId)), values, List.of(factor));
    List<Value> results = new ArrayList<>(List.of(values.get(lossId), norm));
    for (String parameter : parameters) {
      results.add(cotangents.get(norms.parameter(parameter).id()).materialise(builder));
    }
    return builder.build(results);
  }
}
