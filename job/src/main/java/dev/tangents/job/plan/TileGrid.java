package dev.tangents.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tiles of a kernel.
 *
 * @param rows panels of the rows
 * @param columns panels of the columns
 * @param symmetric whether both are the same samples, so that tiles with row &lt;= column suffice
 */
public record TileGrid(Panels rows, Panels columns, boolean symmetric) implements Serializable {
  private static final int MOST_TILES_A_TASK = 1024;
  private static final int TASKS_A_SLOT = 4;

  /** Number of tiles that are computed. */
  public long count() {
    long r = rows.count();
    return symmetric ? r * (r + 1) / 2 : r * columns.count();
  }

  /** Rows of the largest tile. */
  public int tileRows() {
    return (int) Math.min(rows.size(), rows.samples());
  }

  /** Columns of the largest tile. */
  public int tileColumns() {
    return (int) Math.min(columns.size(), columns.samples());
  }

  /** The tiles that are computed. */
  public Stream<Tile> tiles() {
    return IntStream.range(0, rows.count())
        .boxed()
        .flatMap(
            row ->
                IntStream.range(symmetric ? row : 0, columns.count())
                    .mapToObj(column -> new Tile(row, column)));
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
   * The tiles in blocks, one for each task, the largest first, so that none begins when the others
   * end; neighbours among blocks of one size share panels. How tiles are cut into blocks does not
   * change any tile's numbers.
   *
   * @param slots tasks that run at once
   * @param held panels that a task can hold: one column and rows beside it
   * @param least tiles that a block should have where there are as many
   */
  public List<TileBlock> blocks(int slots, long held, int least) {
    long wanted = count() / Math.max(1, (long) slots * TASKS_A_SLOT);
    int tiles = (int) Math.max(least, Math.min(MOST_TILES_A_TASK, wanted));
    int height = (int) Math.max(1, Math.min(held - 1, (long) Math.sqrt(tiles)));
    int width = Math.max(1, tiles / height);
    List<TileBlock> blocks = new ArrayList<>();
    for (int row = 0; row < rows.count(); row += height) {
      List<TileBlock> band = new ArrayList<>();
      int end = Math.min(rows.count(), row + height);
      for (int column = symmetric ? row : 0; column < columns.count(); column += width) {
        int right = Math.min(columns.count(), column + width);
        band.add(new TileBlock(row, end, column, right, symmetric));
      }
      if (row / height % 2 == 1) {
        Collections.reverse(band);
      }
      blocks.addAll(band);
    }
    blocks.sort(Comparator.comparingDouble(TileBlock::work).reversed());
    return blocks;
  }
}
