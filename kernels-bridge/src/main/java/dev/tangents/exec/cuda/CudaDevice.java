package dev.tangents.exec.cuda;

/**
 * A GPU that this process may use.
 *
 * @param ordinal its number among those visible, from 0
 * @param name as NVIDIA sells it
 * @param uuid as nvidia-smi prints it, the same for every process
 * @param major compute capability, before the point
 * @param minor compute capability, behind the point
 * @param totalBytes of memory
 * @param busId place on the PCI bus
 */
public record CudaDevice(
    int ordinal, String name, String uuid, int major, int minor, long totalBytes, String busId) {
  /** The oldest generation that the engine's kernels are written for, Volta. */
  private static final int OLDEST = 70;

  /** Compute capability as one number: 90 for 9.0. */
  public int capability() {
    return 10 * major + minor;
  }

  /** Whether the engine can serve it: compute capability 7.0 or later. */
  public boolean supported() {
    return capability() >= OLDEST;
  }

  @Override
  public String toString() {
    return "GPU %d: %s (%s, compute capability %d.%d, %.1f GiB, %s)"
        .formatted(ordinal, name, uuid, major, minor, totalBytes / (double) (1L << 30), busId);
  }
}
