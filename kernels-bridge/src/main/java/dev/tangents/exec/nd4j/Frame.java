package dev.tangents.exec.nd4j;

/**
 * Where every value of a plan is while it runs, by slot. A slot is the id of the node whose
 * elements are there; a reshape has the slot of its operand.
 */
final class Frame {
  private final NativeBuffer[] buffers;

  Frame(int slots) {
    this.buffers = new NativeBuffer[slots];
  }

  /** The buffer of a slot. */
  NativeBuffer at(int slot) {
    return buffers[slot];
  }

  /** Places a slot. */
  void place(int slot, NativeBuffer buffer) {
    buffers[slot] = buffer;
  }
}
