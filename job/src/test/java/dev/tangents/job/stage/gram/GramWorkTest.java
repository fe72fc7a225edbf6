package dev.tangents.job.stage.gram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.stage.tile.TaskReport;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GramWorkTest {
  private static final Tile FIRST = new Tile(0, 0);
  private static final Tile BESIDE = new Tile(0, 1);
  private static final Tile LAST = new Tile(1, 1);

  /** What its last tasks find may be of its first ones. */
  @Test
  void whatWasNotThereAtTheBeginningIsTheRunsOwn() {
    assertEquals(List.of(FIRST, BESIDE, LAST), tiles(Set.of()));
    assertEquals(List.of(BESIDE, LAST), tiles(Set.of(FIRST.fileName()), LAST));
  }

  @Test
  void whatWasDamagedCountsToo() {
    Set<String> all = Set.of(FIRST.fileName(), BESIDE.fileName(), LAST.fileName());
    assertEquals(List.of(), tiles(all));
    assertEquals(List.of(BESIDE), tiles(all, BESIDE));
  }

  private static List<Tile> tiles(Set<String> there, Tile... written) {
    TaskReport report = new TaskReport("an engine", List.of());
    for (Tile tile : written) {
      report.add(tile, null, 1, 1);
    }
    Panels panels = new Panels(7, 4);
    return GramWork.of(List.of(report), new TileGrid(panels, panels, true), there, 0).tiles();
  }
}
