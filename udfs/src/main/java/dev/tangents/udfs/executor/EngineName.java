package dev.tangents.udfs.executor;

/** Which library computes. */
public enum EngineName {
  /** ND4J on the CPU. */
  ND4J(false, false),
  /** Our own, on a GPU of compute capability 7.0 or later. */
  CUDA(true, true),
  /** ND4J on a GPU, by its CUDA backend. */
  ND4J_CUDA(true, false),
  /** Plain Java loops in double: slow, and written to be obviously right. */
  REFERENCE(false, false);

  private final boolean onGpu;
  private final boolean reduces;

  EngineName(boolean onGpu, boolean reduces) {
    this.onGpu = onGpu;
    this.reduces = reduces;
  }

  /** Whether it computes on a GPU, and nowhere else. */
  public boolean onGpu() {
    return onGpu;
  }

  /** Whether it can form products of floats otherwise than strictly, on a device that can. */
  public boolean reduces() {
    return reduces;
  }
}
