package dev.tangents.exec.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peaks of boards against NVIDIA's data sheets, in TFLOP/s, at the clocks that these are for. */
class PeakTest {
  @ParameterizedTest
  @CsvSource({
    "V100 SXM2,     70,  80, 1530, 15.7, 7.8,     0,      0",
    "T4,            75,  40, 1590,  8.1, 0.25,    0,      0",
    "A100,          80, 108, 1410, 19.5, 19.5,  156,    312",
    "A40,           86,  84, 1740, 37.4, 0.58,   74.8,  149.7",
    "L40S,          89, 142, 2520, 91.6, 1.43,  183,    366",
    "H100 PCIe,     90, 114, 1620, 47.3, 47.3,  378,    756",
    "H200,          90, 132, 1830, 61.9, 61.9,  494.7,  989.4",
    "RTX PRO 6000, 120, 188, 2617, 126,  1.97,  251.9,  503.8"
  })
  void boardsHaveThePeaksOfTheirDataSheets(
      String board,
      int capability,
      int processors,
      double megahertz,
      double floats,
      double doubles,
      double tf32,
      double bf16) {
    Peak peak = new Peak(capability, processors, megahertz * 1e6);
    assertClose(floats, peak.flops(Precision.FLOAT, Arithmetic.STRICT), board);
    assertClose(doubles, peak.flops(Precision.DOUBLE, Arithmetic.STRICT), board);
    assertClose(tf32, peak.flops(Precision.FLOAT, Arithmetic.TF32), board);
    assertClose(tf32 / 3, peak.flops(Precision.FLOAT, Arithmetic.TF32X3), board);
    assertClose(bf16, peak.flops(Precision.FLOAT, Arithmetic.BF16), board);
  }

  private static void assertClose(double teraflops, double found, String board) {
    assertEquals(teraflops, found / 1e12, 0.02 * teraflops, board);
  }

  @Test
  void ofAGenerationThatIsNotInTheTableNothingIsKnown() {
    Peak peak = new Peak(130, 100, 2e9);
    assertEquals(0, peak.flops(Precision.FLOAT, Arithmetic.STRICT));
    Work work = Work.products(1, 1e12, 0);
    assertEquals(0, work.peakSeconds());
    assertEquals(0.5, work.plus(Work.products(1, 1e12, 2e12)).peakSeconds());
  }
}
