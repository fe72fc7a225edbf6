package dev.tangents.job.io.tile;

import dev.tangents.exec.Precision;
import dev.tangents.job.io.parquet.NumbersColumn;
import dev.tangents.job.io.parquet.PagedColumn;
import dev.tangents.job.io.parquet.ScalarColumn;
import dev.tangents.job.plan.Tile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The records of a tile's file: one for each row and cell, sorted by row, then outputs, then
 * component. Columns: {@code row_block, col_block, row, col_start, values}, then {@code row_output,
 * col_output} for a full kernel or {@code output} for one per output, then {@code component} where
 * components are kept apart.
 *
 * @param tile which one
 * @param rowStart index of its first row
 * @param columnStart index of its first column
 * @param rows number of rows, n
 * @param columns number of columns, m: the numbers of a record
 * @param cells blocks and components
 * @param precision width of the numbers
 */
public record TileRecords(
    Tile tile,
    long rowStart,
    long columnStart,
    int rows,
    int columns,
    Cells cells,
    Precision precision) {
  /** Name of a record in the schema of the file. */
  static final String NAME = "tile";

  /** What they are, for a message. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "tile (%d, %d) of rows [%d, %d) and columns [%d, %d) in %s",
        tile.row(),
        tile.column(),
        rowStart,
        rowStart + rows,
        columnStart,
        columnStart + columns,
        precision.name().toLowerCase(Locale.ROOT));
  }

  /** Number of records. */
  long count() {
    return (long) rows * cells.count();
  }

  /** Position of a record's first number in the tensor [B, n, m] of its component. */
  int position(long record) {
    long row = (long) cells.block(record) * rows + cells.row(record);
    return Math.toIntExact(row * columns);
  }

  /** All columns in their order. */
  List<PagedColumn> columns(NumbersColumn numbers) {
    List<PagedColumn> all = new ArrayList<>();
    all.add(ScalarColumn.integer("row_block", record -> tile.row()));
    all.add(ScalarColumn.integer("col_block", record -> tile.column()));
    all.add(ScalarColumn.bigint("row", record -> rowStart + cells.row(record)));
    all.add(ScalarColumn.bigint("col_start", record -> columnStart));
    all.add(numbers);
    all.addAll(cells.columns());
    return all;
  }
}
