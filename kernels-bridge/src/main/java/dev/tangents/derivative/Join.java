package dev.tangents.derivative;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts graphs over the same inputs and parameters side by side in one graph, so that {@code
 * Simplify} merges what they have in common: the network runs once for all of them.
 */
public final class Join {
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<String, Value> leaves = new HashMap<>();

  Join() {}

  /**
   * One graph with the results of all, graph by graph. An input or parameter that several have is
   * one of the joined graph; they must agree on its type.
   */
  public static Graph of(List<Graph> graphs) {
    Join join = new Join();
    List<Value> results = new ArrayList<>();
    graphs.forEach(graph -> results.addAll(join.add(graph)));
    return join.build(results);
  }

  /** Adds a graph; an input or parameter that is there already is shared. Returns its results. */
  List<Value> add(Graph graph) {
    List<Value> values =
        graph.rebuild(
            (node, arguments) ->
                node.fold(
                    input -> leaf(input.name(), input),
                    parameter -> leaf(parameter.name(), parameter),
                    constant -> Graph.copyNode(builder, constant, arguments),
                    apply -> Graph.copyNode(builder, apply, arguments)));
    return graph.outputs().stream().map(values::get).toList();
  }

  /** Finishes the graph. */
  Graph build(List<Value> results) {
    return builder.build(results);
  }

  private Value leaf(String name, Node node) {
    return leaves.computeIfAbsent(name, key -> Graph.copyNode(builder, node, List.of()));
  }
}
