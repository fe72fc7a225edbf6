package dev.tangents.transform;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;

/** Finds what a derivative is taken by. */
final class Names {
  private Names() {}

  /** The input or parameter of that name, which must be real. */
  static Node find(Graph graph, String name) {
    boolean isParameter = graph.parameters().stream().anyMatch(p -> p.name().equals(name));
    Node node = isParameter ? graph.parameter(name) : graph.input(name);
    if (!node.type().isReal()) {
      throw TangentsException.user(
          "Derivative by '%s': it is %s, and only real values have derivatives", name, node.type());
    }
    return node;
  }
}
