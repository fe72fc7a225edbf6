package dev.tangents.exec.cuda;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places values in one block of memory from how long each is needed: the largest first, each at the
 * lowest place where nothing lies that lives at the same time (greedy by size; Pisarchyk and Lee,
 * Efficient Memory Management for Deep Neural Net Inference, 2020).
 */
final class Arena {
  /** What the driver aligns allocations to, and wide loads ask for. */
  private static final long ALIGNMENT = 256;

  private final List<Tenant> tenants = new ArrayList<>();
  private final Map<Integer, Long> offsets = new HashMap<>();
  private long bytes;

  /**
   * A value.
   *
   * @param from step that writes it
   * @param to last step that reads it
   */
  private record Tenant(int slot, long bytes, int from, int to) {
    boolean meets(Tenant other) {
      return from <= other.to && other.from <= to;
    }
  }

  /** Asks for a place for a value that is needed from one step to another, both included. */
  void add(int slot, long size, int from, int to) {
    tenants.add(new Tenant(slot, aligned(Math.max(1, size)), from, to));
  }

  /** Places everything that was asked for. */
  void place() {
    List<Tenant> order = new ArrayList<>(tenants);
    order.sort(Comparator.comparingLong(Tenant::bytes).reversed().thenComparingInt(Tenant::slot));
    List<Tenant> placed = new ArrayList<>();
    for (Tenant tenant : order) {
      List<Tenant> near =
          placed.stream()
              .filter(tenant::meets)
              .sorted(Comparator.comparingLong(other -> offsets.get(other.slot)))
              .toList();
      long at = 0;
      for (Tenant other : near) {
        long start = offsets.get(other.slot);
        if (at + tenant.bytes <= start) {
          break;
        }
        at = Math.max(at, start + other.bytes);
      }
      offsets.put(tenant.slot, at);
      bytes = Math.max(bytes, at + tenant.bytes);
      placed.add(tenant);
    }
  }

  /** Where a value lies, from the start of the block. */
  long offset(int slot) {
    return offsets.get(slot);
  }

  /** Whether a value was asked for. */
  boolean has(int slot) {
    return offsets.containsKey(slot);
  }

  /** Size of the block. */
  long bytes() {
    return bytes;
  }

  private static long aligned(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
