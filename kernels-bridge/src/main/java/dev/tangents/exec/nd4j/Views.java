package dev.tangents.exec.nd4j;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import java.util.BitSet;
import java.util.Optional;

/**
 * Where the elements of each node lie: in a slot of their own, or in that of another node which it
 * views. A reshape views its operand; so does a broadcast, if all that read it can repeat an
 * operand while they read.
 */
final class Views {
  private final int[] slots;
  private final Repeat[] repeats;
  private final BitSet views = new BitSet();

  Views(Graph graph, Nd4jLowerings lowerings) {
    int count = graph.nodes().size();
    slots = new int[count];
    repeats = new Repeat[count];
    BitSet formed = formed(graph, lowerings);
    for (Node node : graph.nodes()) {
      int id = node.id();
      slots[id] = id;
      if (node instanceof Node.Apply apply) {
        Optional<Repeat> repeat = repeat(apply);
        if (apply.primitive() instanceof Reshape || (repeat.isPresent() && !formed.get(id))) {
          int operand = apply.arguments().get(0);
          views.set(id);
          slots[id] = slots[operand];
          repeats[id] = repeat.orElse(repeats[operand]);
        }
      }
    }
  }

  /** Slots by node id. */
  int[] slots() {
    return slots.clone();
  }

  /** Whether a node needs no step, since it views another. */
  boolean isView(int id) {
    return views.get(id);
  }

  /** How a node repeats its slot, or null if it has the slot's elements in their order. */
  Repeat repeat(int id) {
    return repeats[id];
  }

  /** Broadcasts that a result or a step reads that cannot repeat. */
  private static BitSet formed(Graph graph, Nd4jLowerings lowerings) {
    int[] roots = new int[graph.nodes().size()];
    BitSet formed = new BitSet();
    for (Node node : graph.nodes()) {
      roots[node.id()] = node.id();
      if (node instanceof Node.Apply apply) {
        if (apply.primitive() instanceof Reshape) {
          roots[node.id()] = roots[apply.arguments().get(0)];
        } else if (!lowerings.of(apply.primitive()).repeats()) {
          apply.arguments().forEach(argument -> formed.set(roots[argument]));
        }
      }
    }
    graph.outputs().forEach(id -> formed.set(roots[id]));
    return formed;
  }

  private static Optional<Repeat> repeat(Node.Apply apply) {
    return apply.primitive() instanceof Broadcast broadcast && apply.type().shape().size() > 0
        ? Repeat.of(broadcast)
        : Optional.empty();
  }
}
