package dev.tangents.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The tiles of a kernel.
 *
 * @param rows panels of the rows
 * @param columns panels of the columns
 * @param symmetric whether both are the same samples, so that tiles with row &lt;= column suffice
 */
public record TileGrid(Panels rows, Panels columns, boolean symmetric) implements Serializable {
  private static final int MOST_TILES_A_TASK = 16;
  private static final int TASKS_A_SLOT = 4;

  /** Number of tiles that are computed. */
  public long count() {
    long r = rows.count();
    return symmetric ? r * (r + 1) / 2 : r * columns.count();
  }

  /** Number of entries that are computed. */
  public double entries() {
    double all = (double) rows.samples() * columns.samples();
    if (!symmetric) {
      return all;
    }
    double diagonal = 0;
    for (int i = 0; i < rows.count(); i++) {
      diagonal += (double) rows.rows(i) * rows.rows(i);
    }
    return (all + diagonal) / 2;
  }

  /**
   * The tiles in runs along a row, so that a task meets its row panel again and neighbouring tasks
   * share panels. How they are cut does not change any tile's numbers.
   *
   * @param slots tasks that run at once
   * @param least tiles that a task should have where the row has as many
   */
  public List<TileRun> runs(int slots, int least) {
    long wanted = count() / Math.max(1, (long) slots * TASKS_A_SLOT);
    int size = (int) Math.max(least, Math.min(MOST_TILES_A_TASK, wanted));
    List<TileRun> runs = new ArrayList<>();
    for (int i = 0; i < rows.count(); i++) {
      for (int from = symmetric ? i : 0; from < columns.count(); from += size) {
        runs.add(new TileRun(i, from, Math.min(columns.count(), from + size)));
      }
    }
    return runs;
  }
}
