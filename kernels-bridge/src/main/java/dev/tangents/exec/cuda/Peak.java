package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import java.util.Map;

/**
 * The most products that a device can form: multiprocessors x clock x fused multiply-adds of a
 * multiprocessor in a cycle, of two operations each.
 *
 * <pre>  H200: 132 x 1.98 GHz x 128 x 2 = 66.9 TFLOP/s of floats, x 1024 x 2 = 535 of TF32
 * </pre>
 *
 * <p>The clock is the highest that the driver tells of. Data sheets take a lower one for tensor
 * cores (1.83 GHz for an H200, 495 TFLOP/s of TF32), so a share of the peak is rather too low.
 *
 * <p>Multiply-adds of floats, and of doubles without tensor cores: CUDA C++ Programming Guide,
 * "Throughput of Native Arithmetic Instructions". Of tensor cores, dense, summed in float: NVIDIA's
 * papers on the architectures A100 (GA100), GA102, Ada (AD102), H100 (GH100), and the data sheets
 * of B200 and RTX PRO 6000 Blackwell, divided by their multiprocessors and clocks. GeForce boards
 * of 8.6, 8.9 and 12.0 have half as many of these; a capability does not tell them apart.
 *
 * @param capability 90 for 9.0
 * @param processors multiprocessors
 * @param hertz of their clock, the highest
 */
record Peak(int capability, int processors, double hertz) {
  private static final Map<Integer, Rates> RATES =
      Map.of(
          70, new Rates(64, 32, 0, 0),
          75, new Rates(64, 2, 0, 0),
          80, new Rates(64, 64, 512, 1024),
          86, new Rates(128, 2, 256, 512),
          89, new Rates(128, 2, 256, 512),
          90, new Rates(128, 128, 1024, 2048),
          100, new Rates(128, 64, 2048, 4096),
          120, new Rates(128, 2, 256, 512));

  private static final Rates UNKNOWN = new Rates(0, 0, 0, 0);

  /** Multiply-adds in a cycle; of doubles on tensor cores, where these take them. */
  private record Rates(int floats, int doubles, int tf32, int bf16) {}

  /** Operations a second; 0 where the device cannot, or its generation is not in the table. */
  double flops(Precision precision, Arithmetic arithmetic) {
    Rates rates = RATES.getOrDefault(capability, UNKNOWN);
    double each =
        precision == Precision.DOUBLE
            ? rates.doubles()
            : switch (arithmetic) {
              case STRICT -> rates.floats();
              case TF32X3 -> rates.tf32() / 3.0;
              case TF32 -> rates.tf32();
              case BF16 -> rates.bf16();
            };
    return 2.0 * processors * hertz * each;
  }
}
