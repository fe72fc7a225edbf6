package dev.tangents.exec.cuda;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * How results reach the caller's tensors. A step computes its result right there, where it can: a
 * copy is left for a result that is an input, does not vary, or has been asked for already.
 *
 * @param computed results whose step writes into the caller's tensor
 * @param copied results that are copied there at the end
 */
record Routes(List<Route> computed, List<Route> copied) {
  /** A result and the slot that it comes from. */
  record Route(int slot, int output) {}

  static Routes of(Graph graph, Fusion fusion, BitSet varying) {
    List<Route> computed = new ArrayList<>();
    List<Route> copied = new ArrayList<>();
    BitSet direct = new BitSet();
    for (int output = 0; output < graph.outputs().size(); output++) {
      int slot = fusion.root(graph.outputs().get(output));
      boolean step = graph.node(slot) instanceof Node.Apply && varying.get(slot);
      (step && !direct.get(slot) ? computed : copied).add(new Route(slot, output));
      direct.set(slot, step);
    }
    return new Routes(List.copyOf(computed), List.copyOf(copied));
  }

  /** Whether a slot is computed in the caller's memory. */
  boolean isDirect(int slot) {
    return computed.stream().anyMatch(route -> route.slot() == slot);
  }
}
