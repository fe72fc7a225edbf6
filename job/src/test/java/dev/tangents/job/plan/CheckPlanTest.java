package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tiles of a run are checked. */
class CheckPlanTest {
  private static final Panels PANELS = new Panels(100, 1);
  private static final TileGrid GRID = new TileGrid(PANELS, PANELS, true);

  private static long checked(int every) {
    CheckPlan plan = new CheckPlan(1, every, 1e-3, TilePrecision.STRICT);
    return GRID.tiles().filter(tile -> plan.concerns(tile)).count();
  }

  @Test
  void everyTileIsCheckedWhereThereIsTime() {
    assertEquals(GRID.count(), checked(1));
  }

  /** Of 5,050 tiles; also where the grid's width is a multiple of the share. */
  @ParameterizedTest
  @ValueSource(ints = {3, 10, 50, 100})
  void oneTileInSoManyIsCheckedWhereTimeIsShort(int every) {
    double expected = (double) GRID.count() / every;
    double found = checked(every);
    assertTrue(Math.abs(found - expected) < 5 * Math.sqrt(expected), () -> found + " tiles");
  }

  @Test
  void theFirstTileIsAlwaysChecked() {
    assertTrue(
        new CheckPlan(1, Integer.MAX_VALUE, 1e-3, TilePrecision.STRICT).concerns(new Tile(0, 0)));
  }
}
