package dev.tangents.job.stage.gram;

import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.stage.tile.TaskReport;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a run did, of all that its kernel took.
 *
 * @param reports of the tasks that saw every tile at the end
 * @param tiles that the run computed
 * @param stored bytes of factors that were stored for the time of the run
 */
record GramWork(List<TaskReport> reports, List<Tile> tiles, long stored) {
  /** Copies the lists. */
  GramWork {
    reports = List.copyOf(reports);
    tiles = List.copyOf(tiles);
  }

  /**
   * The work of a run that has ended. Where memory ran out midway, its last tasks found tiles that
   * its first ones had written: what counts as there is what was there when the run began, less
   * what it computed again.
   *
   * @param there names of the files that were there
   */
  static GramWork of(List<TaskReport> reports, TileGrid grid, Set<String> there, long stored) {
    Set<Tile> again = new HashSet<>();
    reports.forEach(report -> again.addAll(report.written()));
    List<Tile> tiles =
        grid.tiles()
            .filter(tile -> again.contains(tile) || !there.contains(tile.fileName()))
            .toList();
    return new GramWork(reports, tiles, stored);
  }
}
