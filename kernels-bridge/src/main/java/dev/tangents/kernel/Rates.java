package dev.tangents.kernel;

import java.io.Serializable;

/**
 * What a processor does in a second, for {@link Roofline}.
 *
 * @param product operations of a large matrix product
 * @param stream bytes that an elementwise pass reads and writes, all operands and the result
 *     together
 * @param move bytes that a transpose or a strided copy reads and writes
 * @param call seconds that any step takes beside its numbers
 */
public record Rates(double product, double stream, double move, double call)
    implements Serializable {
  /**
   * One core of a server of 2024 (Zen 5, AVX-512) in single precision, as {@link MachineRates}
   * found it. Methods are chosen by these, not by what the machine at hand measures: the choice is
   * part of the result's bits, and must not change from one run to the next or between executors.
   */
  public static final Rates REFERENCE = new Rates(150e9, 25e9, 8e9, 2e-6);

  /**
   * A GPU of a server of 2023 (H200), strict, as {@code bench gpu} and a copy on the device found
   * it: what plans of runs on GPUs reckon with, wherever they are made.
   */
  public static final Rates GPU = new Rates(48e12, 4e12, 2e12, 10e-6);
}
