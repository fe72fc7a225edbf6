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
 * @param knownRows row panels of an earlier result that is added to, 0 if there is none
 * @param knownColumns its column panels: tiles of known rows and columns are there already
 */
public record TileGrid(
    Panels rows, Panels columns, boolean symmetric, int knownRows, int knownColumns)
    implements Serializable {
  private static final int MOST_TILES_A_TASK = 1024;
  private static final int TASKS_A_SLOT = 4;

  /** A grid of which no tile is there. */
  public TileGrid(Panels rows, Panels columns, boolean symmetric) {
    this(rows, columns, symmetric, 0, 0);
  }

  /** Number of tiles. */
  public long count() {
    long r = rows.count();
    return symmetric ? r * (r + 1) / 2 : r * columns.count();
  }

  /** Rows of the largest tile. */
  public int tileRows() {
    return rows.largest();
  }

  /** Columns of the largest tile. */
  public int tileColumns() {
    return columns.largest();
  }

  /** Whether a tile belongs to the earlier result. */
  public boolean known(Tile tile) {
    return tile.row() < knownRows && tile.column() < knownColumns;
  }

  /** Number of tiles that no earlier result has. */
  public long fresh() {
    return count() - knownCount();
  }

  private long knownCount() {
    long r = knownRows;
    return symmetric ? r * (r + 1) / 2 : r * knownColumns;
  }

  /** All tiles. */
  public Stream<Tile> tiles() {
    return IntStream.range(0, rows.count())
        .boxed()
        .flatMap(
            row ->
                IntStream.range(symmetric ? row : 0, columns.count())
                    .mapToObj(column -> new Tile(row, column)));
  }

  /** Number of entries in tiles that no earlier result has. */
  public double freshEntries() {
    return entries(rows.count(), columns.count()) - entries(knownRows, knownColumns);
  }

  /** Number of entries in all tiles. */
  public double entries() {
    return entries(rows.count(), columns.count());
  }

  /** Entries in the tiles of the first panels. */
  private double entries(int rowPanels, int columnPanels) {
    double all = samples(rows, rowPanels) * samples(columns, columnPanels);
    if (!symmetric) {
      return all;
    }
    double diagonal = 0;
    for (int i = 0; i < rowPanels; i++) {
      diagonal += (double) rows.rows(i) * rows.rows(i);
    }
    return (all + diagonal) / 2;
  }

  private static double samples(Panels panels, int count) {
    return count == panels.count() ? panels.samples() : panels.first(count);
  }

  /**
   * The tiles in blocks, one for each task, the largest first, so that none begins when the others
   * end, and those of an earlier result behind all others; neighbours among blocks of one size
   * share panels. How tiles are cut into blocks does not change any tile's numbers.
   *
   * @param slots tasks that run at once
   * @param held panels that a task can hold: one column and rows beside it
   * @param least tiles that a block should have where there are as many
   */
  public List<TileBlock> blocks(int slots, long held, int least) {
    int r = rows.count();
    int c = columns.count();
    Cut fresh = new Cut(cutTiles(fresh(), slots, least), held);
    List<TileBlock> blocks = new ArrayList<>();
    blocks.addAll(cut(fresh, 0, knownRows, knownColumns, c));
    blocks.addAll(cut(fresh, knownRows, r, 0, c));
    blocks.sort(Comparator.comparingDouble(TileBlock::work).reversed());
    Cut known = new Cut(cutTiles(knownCount(), slots, least), held);
    blocks.addAll(cut(known, 0, knownRows, 0, knownColumns));
    return blocks;
  }

  private static int cutTiles(long count, int slots, int least) {
    long wanted = count / Math.max(1, (long) slots * TASKS_A_SLOT);
    return (int) Math.max(least, Math.min(MOST_TILES_A_TASK, wanted));
  }

  /**
   * How a part of the grid is cut.
   *
   * @param tiles in a block
   * @param held panels that a task can hold
   */
  private record Cut(int tiles, long held) {
    int height() {
      return (int) Math.max(1, Math.min(held - 1, (long) Math.sqrt(tiles)));
    }

    int width() {
      return Math.max(1, tiles / height());
    }
  }

  /** The tiles of some rows and columns in blocks. */
  private List<TileBlock> cut(Cut cut, int fromRow, int toRow, int fromColumn, int toColumn) {
    List<TileBlock> blocks = new ArrayList<>();
    for (int row = fromRow; row < toRow; row += cut.height()) {
      List<TileBlock> band = new ArrayList<>();
      int end = Math.min(toRow, row + cut.height());
      int start = symmetric ? Math.max(row, fromColumn) : fromColumn;
      for (int column = start; column < toColumn; column += cut.width()) {
        int right = Math.min(toColumn, column + cut.width());
        band.add(new TileBlock(row, end, column, right, symmetric));
      }
      if ((row - fromRow) / cut.height() % 2 == 1) {
        Collections.reverse(band);
      }
      blocks.addAll(band);
    }
    return blocks;
  }
}
