package dev.tangents.job.stage.gram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.stage.sample.KnownSamples;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Grids of kernels that samples are added to. */
class KernelBaseTest {
  private static KernelBase base(Panels... sides) {
    return new KernelBase(
        Arrays.stream(sides).map(panels -> new KnownSamples(panels, List.of())).toList(),
        RunHashes.none(),
        Sources.NONE,
        Optional.empty());
  }

  /** 10 samples in panels of 4, 4 and 2; 5 more begin a panel of their own. */
  @Test
  void samplesOfASymmetricKernelGrowBothOfItsSides() {
    TileGrid grid = base(new Panels(10, 4)).grid(List.of(5L));
    assertTrue(grid.symmetric());
    assertEquals(15, grid.rows().samples());
    assertEquals(grid.rows(), grid.columns());
    assertEquals(10, grid.rows().first(3));
    assertEquals(5, grid.rows().count());
    assertEquals(15, grid.count());
    assertEquals(15 - 6, grid.fresh());
    assertTrue(grid.known(new Tile(1, 2)));
    assertFalse(grid.known(new Tile(1, 3)));
  }

  @Test
  void oneSideOfARectangularKernelGrowsAndTheOtherStays() {
    TileGrid grid = base(new Panels(10, 4), new Panels(3, 4)).grid(List.of(0L, 6L));
    assertFalse(grid.symmetric());
    assertEquals(10, grid.rows().samples());
    assertEquals(9, grid.columns().samples());
    assertEquals(3 * 3, grid.count());
    assertEquals(3 * 2, grid.fresh());
    assertTrue(grid.known(new Tile(2, 0)));
    assertFalse(grid.known(new Tile(0, 1)));
  }

  /** An append without samples mends what is damaged. */
  @Test
  void withoutNewSamplesEveryTileIsKnown() {
    TileGrid grid = base(new Panels(10, 4)).grid(List.of(0L));
    assertEquals(6, grid.count());
    assertEquals(0, grid.fresh());
    assertTrue(grid.tiles().allMatch(grid::known));
  }
}
