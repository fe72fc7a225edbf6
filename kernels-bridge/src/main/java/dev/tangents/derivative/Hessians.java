package dev.tangents.derivative;

import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Hessians H[o..., i..., j...] = d2 f[o...] / dx[i...] dy[j...] of one sample as graphs: for a
 * result f of shape [O...] and two inputs or parameters x, y, a result of shape [O..., in(x)...,
 * in(y)...]. With several results and names the order is result by result, for each the names of x,
 * for each of these the names of y. The graph has the inputs of the given one.
 *
 * <p>The three orders give the same numbers up to rounding. Forward over reverse is the cheapest
 * for few outputs (Griewank and Walther 2008, section 5.1); the other two are for comparison.
 */
public final class Hessians {
  private Hessians() {}

  /**
   * Tangents pushed through the gradient: the usual order. Row i of a Hessian by one name is the
   * derivative of the gradient in direction i, its column but for rounding.
   *
   * @throws dev.tangents.error.TangentsException if a name is unknown or not real
   */
  public static Graph forwardOverReverse(Graph graph, List<String> wrt) {
    return overReverse(graph, wrt, gradient -> Jacobians.forward(gradient, wrt, true));
  }

  /**
   * Cotangents pulled through the gradient.
   *
   * @throws dev.tangents.error.TangentsException if a name is unknown or not real
   */
  public static Graph reverseOverReverse(Graph graph, List<String> wrt) {
    return overReverse(graph, wrt, gradient -> Jacobians.reverse(gradient, wrt));
  }

  /**
   * Tangents pushed through tangents.
   *
   * @throws dev.tangents.error.TangentsException if a name is unknown or not real
   */
  public static Graph forwardOverForward(Graph graph, List<String> wrt) {
    Join join = new Join();
    List<List<Value>> byName = new ArrayList<>();
    for (String name : wrt) {
      Graph pushed = Jvp.of(graph, List.of(name));
      Shape columns = Basis.last(pushed).type().shape();
      List<Value> lanes = join.add(Basis.over(Jacobians.forward(pushed, wrt)));
      List<Value> results = new ArrayList<>();
      for (int i = 0; i < lanes.size(); i++) {
        Shape rows = graph.outputTypes().get(i / wrt.size()).shape();
        int inner = lanes.get(i).shape().rank() - 1 - rows.rank();
        results.add(Jacobians.behind(lanes.get(i), inner, columns));
      }
      byName.add(results);
    }
    List<Value> results = new ArrayList<>();
    for (int output = 0; output < graph.outputs().size(); output++) {
      for (List<Value> second : byName) {
        results.addAll(second.subList(output * wrt.size(), (output + 1) * wrt.size()));
      }
    }
    return join.build(results);
  }

  /** The Jacobian of every result's J^T w by {@code jacobian}, over all unit vectors w. */
  private static Graph overReverse(Graph graph, List<String> wrt, UnaryOperator<Graph> jacobian) {
    Join join = new Join();
    List<Value> results = new ArrayList<>();
    for (int id : graph.outputs()) {
      Shape rows = graph.node(id).type().shape();
      Graph gradient = Vjp.of(graph.withOutputs(List.of(id)), wrt);
      for (Value lanes : join.add(Basis.over(jacobian.apply(gradient)))) {
        results.add(reshape(lanes, rows.concat(lanes.shape().remove(0))));
      }
    }
    return join.build(results);
  }
}
