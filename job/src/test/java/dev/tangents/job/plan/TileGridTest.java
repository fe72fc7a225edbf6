package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TileGridTest {
  @Property(tries = 200)
  void blocksCoverEveryTileOnce(
      @ForAll @IntRange(min = 1, max = 300) int rows,
      @ForAll @IntRange(min = 1, max = 300) int columns,
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 8) int slots,
      @ForAll @IntRange(min = 2, max = 20) int held,
      @ForAll @IntRange(min = 1, max = 6) int least,
      @ForAll boolean symmetric) {
    Panels left = new Panels(rows, size);
    TileGrid grid = new TileGrid(left, symmetric ? left : new Panels(columns, size), symmetric);
    List<Tile> tiles =
        grid.blocks(new Cutting(slots, held, least, 0.3)).stream()
            .flatMap(run -> run.tiles().stream())
            .toList();
    Set<Tile> distinct = new HashSet<>(tiles);
    assertEquals(distinct, grid.tiles().collect(Collectors.toSet()));
    assertEquals(grid.count(), tiles.size());
    assertEquals(tiles.size(), distinct.size());
    double entries = 0;
    for (Tile tile : tiles) {
      assertTrue(!symmetric || tile.row() <= tile.column());
      entries += (double) grid.rows().rows(tile.row()) * grid.columns().rows(tile.column());
    }
    assertEquals(entries, grid.entries());
  }

  @Property(tries = 200)
  void tilesOfAnEarlierResultComeLast(
      @ForAll @IntRange(min = 1, max = 60) int first,
      @ForAll @IntRange(min = 0, max = 60) int second,
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll @IntRange(min = 1, max = 4) int slots,
      @ForAll @IntRange(min = 2, max = 9) int held,
      @ForAll boolean symmetric) {
    Panels before = new Panels(first, size);
    Panels rows = second == 0 ? before : before.and(second);
    Panels columns = symmetric ? rows : before.and(3);
    TileGrid grid = new TileGrid(rows, columns, symmetric, before.count(), before.count());
    List<Tile> tiles =
        grid.blocks(new Cutting(slots, held, 1, 0.3)).stream()
            .flatMap(block -> block.tiles().stream())
            .toList();
    assertEquals(new HashSet<>(tiles), grid.tiles().collect(Collectors.toSet()));
    assertEquals(grid.count(), tiles.size());
    int fresh = Math.toIntExact(grid.fresh());
    assertTrue(tiles.subList(0, fresh).stream().noneMatch(grid::known));
    assertTrue(tiles.subList(fresh, tiles.size()).stream().allMatch(grid::known));
    double entries =
        tiles.subList(0, fresh).stream()
            .mapToDouble(tile -> (double) rows.rows(tile.row()) * columns.rows(tile.column()))
            .sum();
    assertEquals(entries, grid.freshEntries());
  }

  @Property(tries = 100)
  void aBlockHoldsItsRowsBesideOneColumnAndTheLargestComesFirst(
      @ForAll @IntRange(min = 1, max = 200) int panels,
      @ForAll @IntRange(min = 1, max = 8) int slots,
      @ForAll @IntRange(min = 2, max = 20) int held,
      @ForAll boolean symmetric) {
    Panels side = new Panels(panels, 1);
    double before = Double.POSITIVE_INFINITY;
    Cutting cutting = new Cutting(slots, held, 1, 0.3);
    for (TileBlock block : new TileGrid(side, side, symmetric).blocks(cutting)) {
      assertTrue(block.rows().size() < held);
      assertTrue(cutting.work(block) <= before);
      before = cutting.work(block);
      Tile last = null;
      for (Tile tile : block.tiles()) {
        boolean shares = last == null || last.row() == tile.row() || last.column() == tile.column();
        // Under the diagonal of a symmetric kernel nothing is left to begin a column with.
        assertTrue(shares || symmetric, () -> tile + " behind another column and row");
        last = tile;
      }
    }
  }

  /** 24 panels on two slots: 300 tiles; blocks of 6 x 6 would take 96 network passes. */
  @Test
  void networkPassesAreSharedByTheTilesOfABlockAndSlotsEndTogether() {
    Panels panels = new Panels(49_152, 2048);
    requireShared(new TileGrid(panels, panels, true), new Cutting(2, 10, 1, 0.4), 75);
  }

  /** Two panels behind 20: two tasks of 10 rows and both columns take 24 network passes. */
  @Test
  void networkPassesOfAnAppendAreShared() {
    Panels panels = new Panels(45_056, 2048);
    TileGrid grid = new TileGrid(panels, panels, true, 20, 20);
    requireShared(grid, new Cutting(2, 40, 1, 0.4), 28);
  }

  /** Tasks that run beside each other meet in the middle of their columns. */
  @Test
  void neighbouringBandsRunTowardsEachOther() {
    Panels panels = new Panels(12, 1);
    List<TileBlock> blocks = new TileGrid(panels, panels, false).blocks(new Cutting(2, 7, 1, 1000));
    assertEquals(2, blocks.size());
    assertEquals(0, blocks.get(0).tiles().get(0).column());
    assertEquals(11, blocks.get(1).tiles().get(0).column());
    assertEquals(0, blocks.get(1).tiles().get(71).column());
  }

  /**
   * Two tasks that need the same rows at the same time would each send them through the network.
   */
  @Test
  void neighboursInABandMeetInTheMiddleOfTheirRows() {
    Panels rows = new Panels(6, 1);
    List<TileBlock> blocks =
        new TileGrid(rows, new Panels(12, 1), false).blocks(new Cutting(2, 7, 1, 1000));
    assertEquals(2, blocks.size());
    List<Tile> first = blocks.get(0).tiles();
    List<Tile> second = blocks.get(1).tiles();
    assertEquals(36, first.size());
    assertEquals(36, second.size());
    for (int i = 0; i < 6; i++) {
      assertEquals(i, first.get(i).row());
      assertEquals(5 - i, second.get(i).row());
    }
  }

  private static void requireShared(TileGrid grid, Cutting cutting, int most) {
    List<TileBlock> blocks =
        grid.blocks(cutting).stream().filter(block -> !grid.known(block.tiles().get(0))).toList();
    int passes = 0;
    double[] slots = new double[2];
    for (TileBlock block : blocks) {
      Set<Integer> met = new HashSet<>(block.rows());
      block.tiles().forEach(tile -> met.add(tile.column()));
      assertEquals(met.size(), block.panels());
      passes += met.size();
      slots[slots[0] <= slots[1] ? 0 : 1] += cutting.work(block);
    }
    int all = passes;
    assertTrue(all <= most, () -> "passes: " + all);
    double work = slots[0] + slots[1];
    assertTrue(Math.max(slots[0], slots[1]) < 0.54 * work, () -> slots[0] + " and " + slots[1]);
  }

  /** Nothing but balance counts where panels cost nothing: as many tasks as are tried. */
  @Test
  void blocksAreSmallWherePanelsCostNothing() {
    Panels panels = new Panels(49_152, 2048);
    TileGrid grid = new TileGrid(panels, panels, true);
    int small = grid.blocks(new Cutting(2, 10, 1, 0)).size();
    int large = grid.blocks(new Cutting(2, 10, 1, 1)).size();
    assertTrue(small > 2 * large, () -> small + " and " + large);
  }

  @Test
  void lastPanelIsShorter() {
    Panels panels = new Panels(10, 4);
    assertEquals(3, panels.count());
    assertEquals(8, panels.first(2));
    assertEquals(2, panels.rows(2));
    assertEquals("panel-00002.parquet", Panels.fileName(2));
    assertEquals("tile-00001-00002.parquet", new Tile(1, 2).fileName());
  }

  @Test
  void countsDoNotOverflow() {
    Panels panels = new Panels(200_000_000_000L, 2048);
    assertEquals(97_656_250, panels.count());
    assertEquals(199_999_998_000L - 48, panels.first(97_656_249));
    assertEquals(4_768_371_630_859_375L, new TileGrid(panels, panels, true).count());
  }
}
