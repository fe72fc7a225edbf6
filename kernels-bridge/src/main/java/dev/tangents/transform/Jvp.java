package dev.tangents.transform;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward mode: the Jacobian-vector product dy = J dx, pushed through the graph beside the values
 * (Wengert 1964; Griewank and Walther 2008, section 3.1).
 */
public final class Jvp {
  private Jvp() {}

  /**
   * The graph of J dx. It begins with a copy of {@code graph} under the same node ids; each name in
   * {@code wrt} adds an input {@code tangent} of its type, in that order, behind the graph's own;
   * the results are the tangents of the graph's results.
   *
   * @param wrt inputs and parameters that are perturbed
   * @throws TangentsException if a name is unknown or not real
   */
  public static Graph of(Graph graph, List<String> wrt) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = graph.copyInto(builder);
    List<Tangent> seeds = new ArrayList<>();
    for (Node node : graph.nodes()) {
      seeds.add(Tangent.zero(node.type()));
    }
    for (String name : wrt) {
      Node node = Names.find(graph, name);
      seeds.set(node.id(), Tangent.of(builder.freshInput("tangent", node.type())));
    }
    List<Tangent> tangents = push(graph, values, seeds);
    return builder.build(
        graph.outputs().stream().map(id -> tangents.get(id).materialise(builder)).toList());
  }

  /**
   * Pushes tangents through nodes that are already copied.
   *
   * @param values the copies of the graph's nodes, by id
   * @param seeds tangents of inputs and parameters, by id; zero for all other nodes
   * @return the tangent of every node, by id
   */
  public static List<Tangent> push(Graph graph, List<Value> values, List<Tangent> seeds) {
    List<Tangent> tangents = new ArrayList<>(seeds);
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply) {
        List<Tangent> incoming = apply.arguments().stream().map(tangents::get).toList();
        if (!incoming.stream().allMatch(Tangent::isZero)) {
          List<Value> inputs = apply.arguments().stream().map(values::get).toList();
          values.get(node.id()).builder().origin(apply.origin());
          Tangent tangent =
              apply.primitive().jvp(new Site(inputs, values.get(node.id())), incoming);
          tangents.set(node.id(), checked(apply, tangent));
        }
      }
    }
    return tangents;
  }

  private static Tangent checked(Node.Apply apply, Tangent tangent) {
    TensorType type = tangent.type();
    if (!type.equals(apply.type())) {
      throw TangentsException.internal(
          "%s: its jvp rule returned %s for a result of %s",
          apply.primitive().name(), type, apply.type());
    }
    return tangent;
  }
}
