package dev.tangents.job.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Arithmetic;
import dev.tangents.job.testkit.RoundingEngine;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code bench gpu} counts and prints, on an engine on the processor; nothing is timed. */
class GpuBenchTest {
  /**
   * Products of all pairs of 8192 samples of 8 panels: for each layer A A'^T and, traced over O
   * outputs, D D'^T; of the readout, whose D is the identity, A A'^T alone.
   */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 10"})
  void operationsAreThoseOfTheFormula(int network, int outputs) {
    GpuBench.Sizes sizes = GpuBench.Sizes.of(65_536);
    double inner = 784 + 1024 + 1024 + 1024 + outputs * 3.0 * 1024;
    double tiles = 8 * 9 / 2.0;
    double expected = 2 * inner * 8192 * 8192 * tiles;
    double found =
        GpuBench.flops(GpuBench.plan(BenchModels.load(GpuBench.NETWORKS.get(network))), sizes);
    // Sums and products of Gram matrices are a few operations an entry.
    assertTrue(found >= expected && found < 1.003 * expected, found + " of " + expected);
  }

  @Test
  void everyArithmeticHasARateAndAnError() {
    GpuBench.Sizes sizes = new GpuBench.Sizes(40, 16, 8, 8, 1024);
    List<Row> rows;
    try (RoundingEngine engine = new RoundingEngine()) {
      rows =
          GpuBench.run(
              engine,
              EnumSet.of(Arithmetic.STRICT, Arithmetic.BF16),
              sizes,
              List.of("mlp:5-6-2:relu?param=ntk&bias=true&seed=1"));
    }
    assertEquals(
        List.of(
            "cuBLAS 8 x 8 x 8, strict",
            "tiles of 5-6-2, N = 32, strict",
            "cuBLAS 8 x 8 x 8, bf16",
            "tiles of 5-6-2, N = 32, bf16",
            "  largest error",
            "network pass of 5-6-2, 8 samples at a time",
            "copy to the device",
            "copy to the host"),
        rows.stream().map(Row::name).toList());
    double error = rows.get(4).value();
    assertTrue(error > 1e-4 && error < 5e-2, () -> "error " + error);
    assertEquals("of cuBLAS bf16 beside it", rows.get(3).meaning());
  }
}
