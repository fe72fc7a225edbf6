package dev.tangents.op;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.op.shape.Reshape;

/** How much of a graph is held at once. */
public final class Liveness {
  private Liveness() {}

  /**
   * The most numbers held at once when nodes are computed in order and each is freed after its last
   * use; inputs, parameters, constants and results stay. A reshape is another view of its operand.
   */
  public static long numbers(Graph graph) {
    int count = graph.nodes().size();
    int[] roots = new int[count];
    int[] last = new int[count];
    for (Node node : graph.nodes()) {
      int id = node.id();
      roots[id] = id;
      last[id] = node instanceof Node.Apply ? id : Integer.MAX_VALUE;
      if (node instanceof Node.Apply apply) {
        if (apply.primitive() instanceof Reshape) {
          roots[id] = roots[apply.arguments().get(0)];
        }
        apply.arguments().forEach(a -> last[roots[a]] = Math.max(last[roots[a]], id));
      }
    }
    graph.outputs().forEach(id -> last[roots[id]] = Integer.MAX_VALUE);
    long now = 0;
    long most = 0;
    long[] freed = new long[count];
    for (Node node : graph.nodes()) {
      int id = node.id();
      if (roots[id] == id) {
        long size = node.type().shape().size();
        now += size;
        most = Math.max(most, now);
        if (last[id] < count) {
          freed[last[id]] += size;
        }
      }
      now -= freed[id];
    }
    return most;
  }
}
