package dev.tangents.transform;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * Fixes an input to a number: a basis of cotangents, a direction. The input is gone from the
 * result.
 */
public final class Bind {
  private Bind() {}

  /**
   * The graph with input {@code name} replaced by {@code literal}.
   *
   * @throws TangentsException if there is no such input or the types differ
   */
  public static Graph constant(Graph graph, String name, Literal literal) {
    Node.Input input = graph.input(name);
    if (!input.type().equals(literal.type())) {
      throw TangentsException.internal(
          "Bind: input '%s' is %s, the constant is %s", name, input.type(), literal.type());
    }
    GraphBuilder builder = new GraphBuilder();
    List<Value> values =
        graph.rebuild(
            (node, arguments) ->
                node.id() == input.id()
                    ? builder.constant(literal)
                    : Graph.copyNode(builder, node, arguments));
    return builder.build(graph.outputs().stream().map(values::get).toList());
  }
}
