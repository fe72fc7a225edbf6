package dev.tangents.exec.nd4j;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * How results reach the caller's tensors. A step computes its result right there, where it can: a
 * copy is left for a result that is an input, does not vary, or has been asked for already.
 */
final class Outputs {
  /** A result and the slot that it comes from. */
  record Route(int slot, int output) {}

  private final List<Route> computed = new ArrayList<>();
  private final List<Route> copied = new ArrayList<>();
  private final BitSet direct = new BitSet();

  Outputs(Graph graph, int[] slots, BitSet varying) {
    for (int output = 0; output < graph.outputs().size(); output++) {
      int slot = slots[graph.outputs().get(output)];
      boolean step = graph.node(slot) instanceof Node.Apply && varying.get(slot);
      if (step && !direct.get(slot)) {
        direct.set(slot);
        computed.add(new Route(slot, output));
      } else {
        copied.add(new Route(slot, output));
      }
    }
  }

  /** Slots that are computed in the caller's memory. */
  BitSet direct() {
    return direct;
  }

  /** Results whose step writes into the caller's tensor. */
  List<Route> computed() {
    return computed;
  }

  /** Results that are copied there at the end. */
  List<Route> copied() {
    return copied;
  }
}
