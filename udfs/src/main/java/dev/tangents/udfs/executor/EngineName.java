package dev.tangents.udfs.executor;

/** Which library computes. */
public enum EngineName {
  /** ND4J on the CPU. */
  ND4J(false),
  /** Our own, on a GPU of compute capability 7.0 or later. */
  CUDA(true),
  /** ND4J on a GPU, by its CUDA backend. */
  ND4J_CUDA(true),
  /** Plain Java loops in double: slow, and written to be obviously right. */
  REFERENCE(false);

  private final boolean onGpu;

  EngineName(boolean onGpu) {
    this.onGpu = onGpu;
  }

  /** Whether it computes on a GPU, and nowhere else. */
  public boolean onGpu() {
    return onGpu;
  }
}
