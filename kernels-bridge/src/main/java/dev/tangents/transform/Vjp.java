package dev.tangents.transform;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import java.util.ArrayList;
import java.util.List;

/**
 * Reverse mode: the vector-Jacobian product J^T w, pulled back through the graph from its results
 * (Linnainmaa 1970; Griewank and Walther 2008, section 3.2).
 */
public final class Vjp {
  private Vjp() {}

  /**
   * The graph of J^T w. It begins with a copy of {@code graph} under the same node ids; each result
   * of the graph adds an input {@code cotangent} of its type, in order, behind the graph's own; the
   * results are the cotangents of {@code wrt}, in that order.
   *
   * @param wrt inputs and parameters that the derivative is taken by
   * @throws TangentsException if a name is unknown or not real
   */
  public static Graph of(Graph graph, List<String> wrt) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = graph.copyInto(builder);
    List<Value> seeds = new ArrayList<>();
    for (int id : graph.outputs()) {
      seeds.add(builder.freshInput("cotangent", graph.node(id).type()));
    }
    List<Tangent> cotangents = pull(graph, values, seeds);
    return builder.build(
        wrt.stream()
            .map(name -> cotangents.get(Names.find(graph, name).id()).materialise(builder))
            .toList());
  }

  /**
   * Pulls cotangents through nodes that are already copied. A value that is used several times sums
   * the cotangents of its uses, in reverse order of use, so that the sum has one order on every
   * machine.
   *
   * @param values the copies of the graph's nodes, by id
   * @param seeds cotangents of the graph's results, in order
   * @return the cotangent of every node, by id
   */
  public static List<Tangent> pull(Graph graph, List<Value> values, List<Value> seeds) {
    List<Tangent> cotangents = new ArrayList<>();
    for (Node node : graph.nodes()) {
      cotangents.add(Tangent.zero(node.type()));
    }
    for (int i = 0; i < seeds.size(); i++) {
      accumulate(cotangents, graph.outputs().get(i), Tangent.of(seeds.get(i)));
    }
    for (int id = graph.nodes().size() - 1; id >= 0; id--) {
      if (graph.node(id) instanceof Node.Apply apply
          && cotangents.get(id) instanceof Tangent.Of cotangent) {
        List<Value> inputs = apply.arguments().stream().map(values::get).toList();
        values.get(id).builder().origin(apply.origin());
        List<Tangent> parts =
            apply.primitive().vjp(new Site(inputs, values.get(id)), cotangent.value());
        for (int i = 0; i < parts.size(); i++) {
          accumulate(cotangents, apply.arguments().get(i), parts.get(i));
        }
      }
    }
    return cotangents;
  }

  private static void accumulate(List<Tangent> cotangents, int id, Tangent part) {
    Tangent sum = cotangents.get(id);
    if (!part.type().equals(sum.type())) {
      throw TangentsException.internal(
          "Vjp: a rule returned a cotangent of %s for a value of %s", part.type(), sum.type());
    }
    if (part instanceof Tangent.Of added) {
      cotangents.set(
          id, sum instanceof Tangent.Of of ? Tangent.of(Add.add(of.value(), added.value())) : part);
    }
  }
}
