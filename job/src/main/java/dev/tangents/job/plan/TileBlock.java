package dev.tangents.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A rectangle of tiles, the work of one task: its row panels are held while its column panels pass
 * by, so that each panel of either side goes through the network once. Of a symmetric kernel those
 * tiles count that lie on or above the diagonal. A class and no record, because Spark may send it
 * through Kryo, which cannot make records.
 */
public final class TileBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int fromRow;
  private final int toRow;
  private final int fromColumn;
  private final int toColumn;
  private final boolean symmetric;
  private final boolean leftwards;
  private final boolean upwards;

  /**
   * Rows {@code fromRow} to {@code toRow - 1}, columns likewise.
   *
   * @param symmetric whether those tiles count alone that lie on or above the diagonal
   * @param leftwards whether the last column comes first
   * @param upwards whether the last row comes first, in the column that comes first
   */
  public TileBlock(
      int fromRow,
      int toRow,
      int fromColumn,
      int toColumn,
      boolean symmetric,
      boolean leftwards,
      boolean upwards) {
    this.fromRow = fromRow;
    this.toRow = toRow;
    this.fromColumn = fromColumn;
    this.toColumn = toColumn;
    this.symmetric = symmetric;
    this.leftwards = leftwards;
    this.upwards = upwards;
  }

  /** The row panels. */
  public List<Integer> rows() {
    return IntStream.range(fromRow, toRow).boxed().toList();
  }

  /**
   * The tiles, column by column, every second column the other way up: so a column begins where the
   * one before has ended.
   */
  public List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    for (int passed = 0; passed < toColumn - fromColumn; passed++) {
      int column = leftwards ? toColumn - 1 - passed : fromColumn + passed;
      int end = endRow(column);
      boolean up = (passed % 2 == 1) != upwards;
      for (int i = 0; i < end - fromRow; i++) {
        tiles.add(new Tile(up ? end - 1 - i : fromRow + i, column));
      }
    }
    return tiles;
  }

  /**
   * The work of the tiles, in tiles: one on the diagonal counts half, as if it took the symmetry
   * within it for granted.
   */
  public double work() {
    double work = 0;
    for (int column = fromColumn; column < toColumn; column++) {
      work += Math.max(0, endRow(column) - fromRow);
      if (symmetric && column >= fromRow && column < toRow) {
        work -= 0.5;
      }
    }
    return work;
  }

  /** Number of panels that take part, each once. */
  public int panels() {
    int rows = 0;
    int columns = 0;
    for (int column = fromColumn; column < toColumn; column++) {
      int end = endRow(column);
      rows = Math.max(rows, end - fromRow);
      boolean row = symmetric && column >= fromRow && column < toRow;
      columns += end > fromRow && !row ? 1 : 0;
    }
    return rows + columns;
  }

  /** The row behind the last tile of a column. */
  private int endRow(int column) {
    return symmetric ? Math.min(toRow, column + 1) : toRow;
  }
}
