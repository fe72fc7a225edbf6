package dev.tangents.exec.cuda;

/**
 * Where every value of a plan is, by slot. A slot is the id of the node whose elements are there; a
 * reshape has the slot of its operand.
 */
final class Places {
  private final long[] addresses;

  Places(int slots) {
    this.addresses = new long[slots];
  }

  /** Number of slots. */
  int count() {
    return addresses.length;
  }

  /** Address of a slot. */
  long at(int slot) {
    return addresses[slot];
  }

  /** Places a slot. */
  void set(int slot, long address) {
    addresses[slot] = address;
  }
}
