package dev.tangents.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
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

  /** Number of entries that no earlier result has in tiles of a panel with itself. */
  public double freshDiagonalEntries() {
    return symmetric
        ? diagonalEntries(rows.count()) - diagonalEntries(Math.min(knownRows, knownColumns))
        : 0;
  }

  private double diagonalEntries(int panels) {
    double diagonal = 0;
    for (int i = 0; i < panels; i++) {
      diagonal += (double) rows.rows(i) * rows.rows(i);
    }
    return diagonal;
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
    return (all + diagonalEntries(rowPanels)) / 2;
  }

  private static double samples(Panels panels, int count) {
    return count == panels.count() ? panels.samples() : panels.first(count);
  }

  /**
   * The tiles in blocks, one for each task, the largest first, so that none begins when the others
   * end, and those of an earlier result behind all others. How tiles are cut into blocks does not
   * change any tile's numbers.
   */
  public List<TileBlock> blocks(Cutting cutting) {
    int r = rows.count();
    int c = columns.count();
    List<TileBlock> blocks = new ArrayList<>();
    blocks.addAll(
        cutting.blocks(List.of(region(0, knownRows, knownColumns, c), region(knownRows, r, 0, c))));
    blocks.addAll(cutting.blocks(List.of(region(0, knownRows, 0, knownColumns))));
    return blocks;
  }

  private Cutting.Region region(int fromRow, int toRow, int fromColumn, int toColumn) {
    return new Cutting.Region(fromRow, toRow, fromColumn, toColumn, symmetric);
  }
}
