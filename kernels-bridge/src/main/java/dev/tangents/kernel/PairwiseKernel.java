package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Max.max;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.reduce.Sum;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The trace kernel of one pair of samples, sum_o &lt;df_o/dtheta (x), df_o/dtheta (y)&gt;, from
 * factors, where a tile of a kernel would have all pairs of two panels. Where x is y it is the
 * squared Frobenius norm of the parameter Jacobian.
 *
 * <p>Each takes the network of one sample and gives the graph of one pair; {@code Batch} makes it
 * one of N.
 */
public final class PairwiseKernel {
  /** What stands behind the name of an input for the pair's second sample. */
  private static final String OTHER = " of the other sample";

  private PairwiseKernel() {}

  /** The name of the second sample's input. */
  public static String other(String input) {
    return input + OTHER;
  }

  /**
   * The kernel, []. The inputs are those of the network, and behind them the same for the second
   * sample, see {@link #other}.
   *
   * @throws dev.tangents.error.TangentsException if the network has not one real result, or a
   *     parameter is unknown
   */
  public static Graph of(Graph network, List<String> parameters) {
    return of(network, parameters, Method.AUTO);
  }

  /** The kernel of {@link #of(Graph, List)}, each parameter's share by a given method. */
  static Graph of(Graph network, List<String> parameters, Method method) {
    return trace(network, parameters, method, true);
  }

  /**
   * The Frobenius norm of the Jacobian by the parameters, [].
   *
   * @throws dev.tangents.error.TangentsException as {@link #of(Graph, List)}
   */
  public static Graph norm(Graph network, List<String> parameters) {
    Graph square = trace(network, parameters, Method.AUTO, false);
    GraphBuilder builder = new GraphBuilder();
    Value value = square.copyInto(builder).get(square.outputs().get(0));
    // Uses that cancel leave a sum of rounding errors, which may be below 0.
    return builder.build(Sqrt.sqrt(max(value, builder.splat(value.shape(), 0))));
  }

  private static Graph trace(
      Graph network, List<String> parameters, Method method, boolean twoSamples) {
    parameters.forEach(network::parameter);
    Graph flat = Networks.flat(network);
    TermFinder finder = new TermFinder(flat);
    List<KernelTerm> terms =
        finder.terms(
            parameters,
            method == Method.AUTO
                ? (parameter, candidates) -> PairProducts.cheaper(finder, parameter, candidates)
                : TermFinder.Choice.only(method));
    Graph factors = finder.graph();
    GraphBuilder builder = new GraphBuilder();
    Map<String, Value> leaves = new HashMap<>();
    List<Value> rows = factors(factors, builder, leaves, "");
    List<Value> columns = twoSamples ? factors(factors, builder, leaves, OTHER) : rows;
    Value product = new PairProducts(builder, rows, columns, finder.tables()).sum(terms);
    return summed(builder.build(product), flat.outputTypes().get(0).shape());
  }

  /** Copies the graph with its samples' inputs renamed; all else that has a name is shared. */
  private static List<Value> factors(
      Graph graph, GraphBuilder builder, Map<String, Value> leaves, String suffix) {
    List<Value> values =
        graph.rebuild(
            (node, arguments) ->
                node.fold(
                    input -> {
                      boolean shared = input.name().equals(TermFinder.COTANGENT);
                      String name = shared ? input.name() : input.name() + suffix;
                      return leaves.computeIfAbsent(name, key -> builder.input(key, input.type()));
                    },
                    parameter ->
                        leaves.computeIfAbsent(
                            parameter.name(), key -> Graph.copyNode(builder, parameter, arguments)),
                    constant -> Graph.copyNode(builder, constant, arguments),
                    apply -> Graph.copyNode(builder, apply, arguments)));
    return graph.outputs().stream().map(values::get).toList();
  }

  /** The sum over all unit cotangents; what does not depend on the cotangent is computed once. */
  private static Graph summed(Graph product, Shape outputs) {
    int count = outputs.intSize();
    Graph each = product;
    if (product.inputs().stream().anyMatch(i -> i.name().equals(TermFinder.COTANGENT))) {
      double[] units = new double[count * count];
      for (int o = 0; o < count; o++) {
        units[o * count + o] = 1;
      }
      Graph lanes = Batch.of(product, Set.of(TermFinder.COTANGENT), count);
      TensorType type = lanes.input(TermFinder.COTANGENT).type();
      each = Bind.constant(lanes, TermFinder.COTANGENT, Literal.of(type, units));
    }
    GraphBuilder builder = new GraphBuilder();
    Value values = each.copyInto(builder).get(each.outputs().get(0));
    return builder.build(values.shape().rank() == 0 ? values : Sum.sum(values, 0));
  }
}
