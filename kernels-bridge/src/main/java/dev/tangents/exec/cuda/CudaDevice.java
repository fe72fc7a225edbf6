package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

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
 * @param processors multiprocessors
 * @param kilohertz their clock, the highest
 */
public record CudaDevice(
    int ordinal,
    String name,
    String uuid,
    int major,
    int minor,
    long totalBytes,
    String busId,
    int processors,
    int kilohertz) {
  /** The oldest generation that the engine's kernels are written for, Volta. */
  private static final int OLDEST = 70;

  /** Tensor cores take TF32 and BF16 from Ampere on. */
  private static final int REDUCING = 80;

  /** Compute capability as one number: 90 for 9.0. */
  public int capability() {
    return 10 * major + minor;
  }

  /** Whether the engine can serve it: compute capability 7.0 or later. */
  public boolean supported() {
    return capability() >= OLDEST;
  }

  /** How it can form products of floats. */
  public Set<Arithmetic> arithmetics() {
    return capability() < REDUCING
        ? EnumSet.of(Arithmetic.STRICT)
        : EnumSet.allOf(Arithmetic.class);
  }

  /** What it can do at most. */
  Peak peak() {
    return new Peak(capability(), processors, kilohertz * 1e3);
  }

  /**
   * Checks that it can form products of floats like this.
   *
   * @throws TangentsException of category SETUP if its tensor cores do not take such operands
   */
  public void require(Arithmetic arithmetic) {
    if (!arithmetics().contains(arithmetic)) {
      throw TangentsException.setup(
          "precision: %s needs tensor cores of compute capability 8.0 (Ampere) or later; the device is %s. Leave"
              + " --precision out",
          arithmetic, this);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "GPU %d: %s (%s, compute capability %d.%d, %.1f GiB, %s)",
        ordinal,
        name,
        uuid,
        major,
        minor,
        totalBytes / (double) (1L << 30),
        busId);
  }
}
