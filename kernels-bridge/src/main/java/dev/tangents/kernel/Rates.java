package dev.tangents.kernel;

import dev.tangents.exec.Arithmetic;
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

  /**
   * These strict ones where one kernel forms a whole sum of (A A'^T + c) o (D D'^T) in an
   * arithmetic: its elementwise part goes with the products, so all is faster by what tiles of an
   * MLP gained on an H200 ({@code docs/gpu.md}).
   */
  public Rates ofTiles(Arithmetic arithmetic) {
    double gain =
        switch (arithmetic) {
          case STRICT -> 1;
          case TF32X3 -> 2.4;
          case TF32 -> 7.4;
          case BF16 -> 13.3;
        };
    return new Rates(gain * product, gain * stream, gain * move, call);
  }

  /**
   * These strict ones where products are cuBLAS's in an arithmetic, by what they gained there; the
   * rest is as it was. It has no 3xTF32.
   */
  public Rates ofProducts(Arithmetic arithmetic) {
    double gain =
        switch (arithmetic) {
          case STRICT, TF32X3 -> 1;
          case TF32 -> 7.2;
          case BF16 -> 12.9;
        };
    return new Rates(gain * product, stream, move, call);
  }
}
