package dev.tangents.exec.cuda;

import java.util.List;

/**
 * One piece of work of a plan.
 *
 * @param slot node whose result it writes
 * @param reads slots that it reads
 * @param scratch bytes of memory that it needs for itself while it runs
 * @param origin layer that the node came from
 * @param action asks the device for the work
 */
record Step(int slot, List<Integer> reads, long scratch, String origin, Action action) {
  /** Copies the list. */
  Step {
    reads = List.copyOf(reads);
  }

  /** Asks a device for work. */
  @FunctionalInterface
  interface Action {
    /**
     * Asks for it.
     *
     * @param program the kernels of the plan
     * @param places where each slot is
     * @param scratch where the step's own memory is
     */
    void run(Gpu gpu, Gpu.Program program, Places places, long scratch);
  }
}
