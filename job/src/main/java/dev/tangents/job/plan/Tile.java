package dev.tangents.job.plan;

import java.io.Serializable;
import java.util.Locale;

/**
 * One piece of a kernel: a panel of rows by a panel of columns.
 *
 * @param row panel of the rows
 * @param column panel of the columns
 */
public record Tile(int row, int column) implements Serializable {
  /** File name of the tile. */
  public String fileName() {
    return String.format(Locale.ROOT, "tile-%05d-%05d.parquet", row, column);
  }

  /** The tile on the other side of the diagonal. */
  public Tile transposed() {
    return new Tile(column, row);
  }
}
