package dev.tangents.job.stage;

import dev.tangents.job.io.TileValues;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.BinSums;
import dev.tangents.job.report.Bins;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.TileSummary;
import java.util.Map;
import java.util.Optional;

/**
 * Makes of tiles what the report needs. A footer keeps sums over coarse bins, so that a large
 * kernel is added to without reading the tiles that are there; the report of a kernel so small that
 * a pixel is less than a bin is made from the numbers.
 *
 * @param grid the tiles
 * @param rows the picture's rows
 * @param columns the picture's columns
 */
record TileSummaries(TileGrid grid, ReportAxis rows, ReportAxis columns) {
  /**
   * Of one tile.
   *
   * @param summary for the report
   * @param text for the footer
   * @param finite whether all its numbers are surely finite
   */
  record Summed(TileSummary summary, Optional<String> text, boolean finite) {}

  /** Of a tile whose numbers are at hand. */
  Summed of(Tile tile, TileValues values) {
    BinSums coarse =
        BinSums.of(
            values,
            Bins.coarse(rows, firstRow(tile), values.rows()),
            Bins.coarse(columns, firstColumn(tile), values.columns()),
            diagonal(tile));
    BinSums sums =
        allowsCoarse(tile)
            ? coarse
            : BinSums.of(
                values,
                Bins.fine(rows, firstRow(tile), values.rows()),
                Bins.fine(columns, firstColumn(tile), values.columns()),
                diagonal(tile));
    boolean all = values.form() != TileValues.Form.FULL; // of which the trace alone is summed
    return new Summed(summary(tile, sums), coarse.text(), all && coarse.isFinite());
  }

  /** Of a tile with this footer; empty where its numbers are needed. */
  Optional<TileSummary> of(Tile tile, Map<String, String> facts) {
    String text = facts.get(BinSums.FOOTER);
    if (text == null || !allowsCoarse(tile)) {
      return Optional.empty();
    }
    return BinSums.parse(
            text,
            Bins.coarse(rows, firstRow(tile), grid.rows().rows(tile.row())),
            Bins.coarse(columns, firstColumn(tile), grid.columns().rows(tile.column())),
            diagonal(tile))
        .map(sums -> summary(tile, sums));
  }

  private boolean allowsCoarse(Tile tile) {
    return rows.allowsCoarse(grid.rows().rows(tile.row()))
        && columns.allowsCoarse(grid.columns().rows(tile.column()));
  }

  private TileSummary summary(Tile tile, BinSums sums) {
    return new TileSummary(tile, firstRow(tile), firstColumn(tile), sums, rows, columns);
  }

  private long firstRow(Tile tile) {
    return grid.rows().first(tile.row());
  }

  private long firstColumn(Tile tile) {
    return grid.columns().first(tile.column());
  }

  private boolean diagonal(Tile tile) {
    return grid.symmetric() && tile.row() == tile.column();
  }
}
