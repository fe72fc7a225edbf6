package dev.tangents.transform;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.function.Function;

/**
 * Fixes an input to a number, or to a parameter: a basis of cotangents, a direction. The input is
 * gone from the result.
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
    return replaced(graph, input, builder -> builder.constant(literal));
  }

  /**
   * The graph with input {@code name} replaced by a parameter of its type.
   *
   * @param parameter the parameter's name, which no other has
   * @throws TangentsException if there is no such input
   */
  public static Graph parameter(Graph graph, String name, String parameter) {
    Node.Input input = graph.input(name);
    return replaced(graph, input, builder -> builder.parameter(parameter, input.type()));
  }

  private static Graph replaced(
      Graph graph, Node.Input input, Function<GraphBuilder, Value> replacement) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values =
        graph.rebuild(
            (node, arguments) ->
                node.id() == input.id()
                    ? replacement.apply(builder)
                    : Graph.copyNode(builder, node, arguments));
    return builder.build(graph.outputs().stream().map(values::get).toList());
  }
}
