package dev.tangents.exec.nd4j;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Primitive;
import java.util.List;

/**
 * Which neighbouring steps can be one: elementwise functions of which each takes the result of the
 * one before, which nothing else reads. A Gram matrix is shifted, multiplied by another and added
 * to a third in one pass through memory instead of three.
 */
final class Chains {
  private final Nd4jLowerings lowerings;
  private final int[] slots;
  private final Views views;
  private final int[] reads;

  Chains(Graph graph, Nd4jLowerings lowerings, Views views) {
    this.lowerings = lowerings;
    this.views = views;
    this.slots = views.slots();
    this.reads = new int[slots.length];
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply && !views.isView(apply.id())) {
        apply.arguments().stream().mapToInt(id -> slots[id]).distinct().forEach(s -> reads[s]++);
      }
    }
    graph.outputs().forEach(id -> reads[slots[id]] += 2);
  }

  /** How many steps from {@code from} on can be one; 1 if it stands alone. */
  int length(List<Node.Apply> steps, int from) {
    int end = from + 1;
    while (end < steps.size() && follows(steps.get(end - 1), steps.get(end))) {
      end++;
    }
    return end - from;
  }

  private boolean follows(Node.Apply first, Node.Apply second) {
    return elementwise(first.primitive())
        && elementwise(second.primitive())
        && reads[first.id()] == 1
        && size(first) == size(second)
        && second.arguments().stream().anyMatch(argument -> slots[argument] == first.id())
        && second.arguments().stream()
            .filter(argument -> slots[argument] == first.id())
            .allMatch(argument -> views.repeat(argument) == null);
  }

  private boolean elementwise(Primitive primitive) {
    return lowerings.of(primitive).pairs();
  }

  private static int size(Node node) {
    return node.type().shape().intSize();
  }
}
