package dev.tangents.job.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelSummaryTest {
  private static final int N = 5;

  /** K[n, m] = (n + 1)(m + 1), labels 1 0 1 0 0. */
  private static final List<Scalar> LABELS =
      List.of(Scalar.of(1L), Scalar.of(0L), Scalar.of(1L), Scalar.of(0L), Scalar.of(0L));

  @Test
  void pixelsAreMeansInTheOrderOfLabels() {
    KernelSummary kernel = kernel(ReportAxis.of(N, LABELS, N, true));
    int[] order = {1, 3, 4, 0, 2};
    for (int r = 0; r < N; r++) {
      for (int c = 0; c < N; c++) {
        assertEquals((order[r] + 1) * (order[c] + 1), kernel.pixel(r, c));
      }
    }
    assertArrayEquals(new double[] {1, 4, 9, 16, 25}, kernel.diagonal());
  }

  @Test
  void groupsAreMeansByLabel() {
    KernelSummary kernel = kernel(ReportAxis.of(N, LABELS, 2, false));
    assertEquals(List.of("0", "1"), kernel.rows().groups());
    double zeros = (2 + 4 + 5) / 3.0;
    double ones = (1 + 3) / 2.0;
    assertEquals(zeros * zeros, kernel.group(0, 0), 1e-12);
    assertEquals(zeros * ones, kernel.group(0, 1), 1e-12);
    assertEquals(ones * ones, kernel.group(1, 1), 1e-12);
    // Two pixels by index: samples 0 1 2 and 3 4.
    assertEquals(2 * 4.5, kernel.pixel(0, 1), 1e-12);
  }

  @Test
  void fullKernelIsTraced() {
    HostTensor blocks = HostTensor.of(Shape.of(4, 1, 1), 1f, 20f, 300f, 4000f);
    ReportAxis axis = ReportAxis.of(1, List.of(), 512, true);
    BinSums traced =
        BinSums.of(
            new TileValues(TileValues.Form.FULL, 2, List.of(blocks)),
            Bins.fine(axis, 0, 1),
            Bins.byPosition(1),
            true);
    TileSummary tile = new TileSummary(new Tile(0, 0), 0, 0, traced, traced, axis, axis);
    KernelSummary kernel = new KernelSummary(axis, axis, List.of(tile), true);
    assertEquals(4001, kernel.pixel(0, 0));
    assertArrayEquals(new double[] {4001}, kernel.diagonal());
  }

  @Test
  void pageStandsAlone() {
    KernelSummary kernel = kernel(ReportAxis.of(N, LABELS, N, true));
    String page = HtmlReport.page("A < B", kernel, Map.of("model", Map.of("name", "<x>")));
    assertTrue(page.contains("<h1>A &lt; B</h1>"), page);
    assertTrue(page.contains("data:image/png;base64,iVBOR"), page);
    assertTrue(page.contains("<th>model / name</th><td>&lt;x&gt;</td>"), page);
    assertTrue(page.contains("K[n, n] of 5 samples: 1.000 to 25.00, mean 11.00"), page);
    assertFalse(page.contains("http"), page);
  }

  @Test
  void progressLine() {
    assertEquals("tiles 0/10 (0 %)", Progress.line("tiles", 0, 10, 1e9, 1));
    assertEquals(
        "tiles 5/10 (50 %), 2.0 GFLOP/s, 5.0 s left", Progress.line("tiles", 5, 10, 20e9, 5));
  }

  @Test
  void coloursRunFromDarkToBright() {
    assertEquals(0x440154, HeatMap.colour(0));
    assertEquals(0x21918c, HeatMap.colour(0.5));
    assertEquals(0xfde725, HeatMap.colour(1));
  }

  private static KernelSummary kernel(ReportAxis axis) {
    Panels panels = new Panels(N, 2);
    List<TileSummary> tiles = new ArrayList<>();
    for (int i = panels.count() - 1; i >= 0; i--) {
      for (int j = i; j < panels.count(); j++) {
        tiles.add(
            new TileSummary(
                new Tile(i, j),
                panels.first(i),
                panels.first(j),
                sums(axis, panels, i, j, false),
                sums(axis, panels, i, j, true),
                axis,
                axis));
      }
    }
    return new KernelSummary(axis, axis, tiles, true);
  }

  private static BinSums sums(ReportAxis axis, Panels panels, int i, int j, boolean byGroup) {
    return BinSums.of(
        tile(panels, i, j), bins(axis, panels, i, byGroup), bins(axis, panels, j, byGroup), i == j);
  }

  private static Bins bins(ReportAxis axis, Panels panels, int i, boolean byGroup) {
    return byGroup
        ? Bins.byGroup(axis, panels.first(i), panels.rows(i))
        : Bins.fine(axis, panels.first(i), panels.rows(i));
  }

  private static TileValues tile(Panels panels, int i, int j) {
    int rows = panels.rows(i);
    int columns = panels.rows(j);
    float[] numbers = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        numbers[r * columns + c] = (panels.first(i) + r + 1) * (panels.first(j) + c + 1);
      }
    }
    return new TileValues(
        TileValues.Form.SINGLE, 1, List.of(HostTensor.of(Shape.of(1, rows, columns), numbers)));
  }
}
