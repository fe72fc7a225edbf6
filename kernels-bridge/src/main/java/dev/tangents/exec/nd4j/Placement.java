package dev.tangents.exec.nd4j;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides in which block of memory each value of a list of steps is, from how long it is needed.
 *
 * <p>Steps run in order. A value lives from its step to the last step that reads it; when it dies
 * its block is free again, and an elementwise result may take over the block of an operand that
 * dies there. A new value takes the smallest free block that is large enough, else the largest free
 * one, which grows, else a new one: sizes are known before anything is allocated. Values that are
 * placed elsewhere (inputs, outputs, weights) take part only as operands.
 */
final class Placement {
  /** The last use of a slot that is kept to the end. */
  private static final int FOREVER = Integer.MAX_VALUE;

  private final Graph graph;
  private final Nd4jLowerings lowerings;
  private final int[] slots;
  private final Map<Integer, Integer> blockOf = new HashMap<>();
  private final List<Integer> blockSizes = new ArrayList<>();
  private final BitSet free = new BitSet();

  Placement(Graph graph, Nd4jLowerings lowerings, int[] slots) {
    this.graph = graph;
    this.lowerings = lowerings;
    this.slots = slots;
  }

  /**
   * Places the results of {@code steps}.
   *
   * @param elsewhere slots that have a place already
   * @param kept slots that must survive the last step; each gets a block of its own, of its size
   */
  void place(List<Node.Apply> steps, BitSet elsewhere, BitSet kept) {
    int[] lastUse = new int[slots.length];
    Arrays.fill(lastUse, -1);
    for (int i = 0; i < steps.size(); i++) {
      for (int argument : steps.get(i).arguments()) {
        lastUse[slots[argument]] = i;
      }
    }
    kept.stream().forEach(slot -> lastUse[slot] = FOREVER);
    for (int i = 0; i < steps.size(); i++) {
      Node.Apply step = steps.get(i);
      int slot = step.id();
      int size = step.type().shape().intSize();
      int heir = elsewhere.get(slot) || kept.get(slot) ? -1 : heir(step, lastUse, i, size);
      if (heir >= 0) {
        blockOf.put(slot, heir);
      } else if (!elsewhere.get(slot)) {
        blockOf.put(slot, kept.get(slot) ? fresh(size) : take(size));
      }
      release(step, lastUse, i, heir);
    }
  }

  /** The block of a slot, or null if it is placed elsewhere. */
  Integer block(int slot) {
    return blockOf.get(slot);
  }

  /** Numbers in each block. */
  List<Integer> blockSizes() {
    return List.copyOf(blockSizes);
  }

  /** The block of an operand that {@code step} may overwrite, or -1. */
  private int heir(Node.Apply step, int[] lastUse, int now, int size) {
    if (lowerings.of(step.primitive()).inPlace()) {
      for (int argument : step.arguments()) {
        int operand = slots[argument];
        Integer block = blockOf.get(operand);
        if (block != null
            && lastUse[operand] == now
            && graph.node(operand).type().shape().size() == size) {
          return block;
        }
      }
    }
    return -1;
  }

  /** Frees what dies at this step: operands, and a result that nothing reads. */
  private void release(Node.Apply step, int[] lastUse, int now, int heir) {
    for (int argument : step.arguments()) {
      Integer block = blockOf.get(slots[argument]);
      if (block != null && lastUse[slots[argument]] == now && block != heir) {
        free.set(block);
      }
    }
    Integer own = blockOf.get(step.id());
    if (own != null && lastUse[step.id()] < now) {
      free.set(own);
    }
  }

  private int take(int size) {
    int fitting = -1;
    int largest = -1;
    for (int block = free.nextSetBit(0); block >= 0; block = free.nextSetBit(block + 1)) {
      int capacity = blockSizes.get(block);
      if (capacity >= size && (fitting < 0 || capacity < blockSizes.get(fitting))) {
        fitting = block;
      }
      if (largest < 0 || capacity > blockSizes.get(largest)) {
        largest = block;
      }
    }
    int chosen = fitting >= 0 ? fitting : largest;
    if (chosen < 0) {
      return fresh(size);
    }
    free.clear(chosen);
    blockSizes.set(chosen, Math.max(size, blockSizes.get(chosen)));
    return chosen;
  }

  private int fresh(int size) {
    blockSizes.add(size);
    return blockSizes.size() - 1;
  }
}
