package dev.tangents.job.stage.gram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.stage.sample.Samples;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How fine the report's picture is. */
class ReportSizeTest {
  private static List<ReportAxis> axes(long rows, long columns) {
    Panels down = new Panels(rows, 2048);
    Panels across = new Panels(columns, 2048);
    List<Samples> samples =
        Stream.of(down, across).map(side -> Samples.of(side, List.of(), List.of())).toList();
    return ReportSize.axes(new TileGrid(down, across, false), samples);
  }

  /** 49 x 5 tiles: what is added to them is not to read them for a finer picture. */
  @Test
  void thePictureOfManyTilesIsMadeOfTheirFooters() {
    List<ReportAxis> axes = axes(100_000, 10_000);
    assertEquals(185, axes.get(0).pixels()); // 64 MiB of pictures for 245 tiles
    assertEquals(10_000 / 64, axes.get(1).pixels());
    assertTrue(axes.stream().allMatch(axis -> axis.allowsCoarse(2048)));
  }

  @Test
  void thatOfFewIsAsFineAsItMayBe() {
    List<ReportAxis> axes = axes(20_000, 10_000);
    assertEquals(List.of(409, 409), axes.stream().map(ReportAxis::pixels).toList());
    assertTrue(axes.stream().noneMatch(axis -> axis.allowsCoarse(2048)));
  }
}
