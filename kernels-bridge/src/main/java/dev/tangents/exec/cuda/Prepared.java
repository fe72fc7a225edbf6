package dev.tangents.exec.cuda;

import java.util.List;

/**
 * What an executable runs.
 *
 * @param plan its steps
 * @param places where each slot is; inputs and results are placed by each run
 * @param routes how results reach the caller
 * @param packings inputs that the plan reads in their packed form
 * @param complaints where kernels report row numbers that are in no table
 * @param owned what is closed with it
 */
record Prepared(
    Plan plan,
    Places places,
    Routes routes,
    List<Packing> packings,
    Complaints complaints,
    List<AutoCloseable> owned) {
  /** Bytes of device memory held. */
  long bytes() {
    return owned.stream()
        .filter(CudaMemory.Block.class::isInstance)
        .mapToLong(block -> ((CudaMemory.Block) block).bytes())
        .sum();
  }

  /** Closes what is owned. */
  static void close(List<AutoCloseable> owned) {
    for (AutoCloseable one : owned) {
      if (one instanceof CudaMemory.Block block) {
        block.close();
      } else if (one instanceof Gpu.Program program) {
        program.close();
      }
    }
  }
}
