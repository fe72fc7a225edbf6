package dev.tangents.transform;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds what a derivative is taken by. */
final class Names {
  private Names() {}

  /** The input or parameter of that name, which must be real. */
  static Node find(Graph graph, String name) {
    Node node = named(graph).get(name);
    if (node == null) {
      throw TangentsException.user(
          "Derivative by '%s': no input or parameter has that name; the graph has %s",
          name, named(graph).keySet());
    }
    if (!node.type().isReal()) {
      throw TangentsException.user(
          "Derivative by '%s': it is %s, and only real values have derivatives", name, node.type());
    }
    return node;
  }

  private static Map<String, Node> named(Graph graph) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    graph.inputs().forEach(input -> nodes.put(input.name(), input));
    graph.parameters().forEach(parameter -> nodes.put(parameter.name(), parameter));
    return nodes;
  }
}
