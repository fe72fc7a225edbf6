package dev.tangents.job.stage.tile;

import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.BinSums;
import dev.tangents.job.report.Bins;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.TileSummary;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes of tiles what the report needs. A footer keeps sums over coarse bins of positions, and
 * where samples have few labels, over bins of each label: so a large kernel is added to without
 * reading the tiles that are there. The report of a kernel so small that a pixel is less than a bin
 * is made from the numbers.
 *
 * @param grid the tiles
 * @param rows the picture's rows
 * @param columns the picture's columns
 */
public record TileSummaries(TileGrid grid, ReportAxis rows, ReportAxis columns) {
  /** Key of a footer: sums over bins of positions. */
  public static final String SUMS = "tangents.sums";

  /** Key of a footer: sums over bins of labels. */
  public static final String LABEL_SUMS = "tangents.label-sums";

  /**
   * What is told of one tile.
   *
   * @param summary for the report
   * @param facts for the footer
   * @param finite whether all its numbers are surely finite
   */
  record Summed(TileSummary summary, Map<String, String> facts, boolean finite) {}

  /** Sums up a tile whose numbers are at hand. */
  Summed of(Tile tile, TileValues values) {
    BinSums positions = positions(values, diagonal(tile));
    BinSums labels = grouped() ? sums(tile, values, true) : positions;
    Map<String, String> facts = new TreeMap<>(Map.of(SUMS, positions.text()));
    if (grouped()) {
      facts.put(LABEL_SUMS, labels.text());
    }
    BinSums picture = allowsCoarse(tile) ? picture(positions, labels) : sums(tile, values, false);
    boolean all = values.form() != TileValues.Form.FULL; // of which the trace alone is summed
    return new Summed(summary(tile, picture, labels), facts, all && positions.isFinite());
  }

  private static BinSums positions(TileValues values, boolean diagonal) {
    Bins rows = Bins.byPosition(values.rows());
    return BinSums.of(values, rows, Bins.byPosition(values.columns()), diagonal);
  }

  private BinSums sums(Tile tile, TileValues values, boolean byGroup) {
    Bins down = bins(rows, firstRow(tile), values.rows(), byGroup);
    Bins across = bins(columns, firstColumn(tile), values.columns(), byGroup);
    return BinSums.of(values, down, across, diagonal(tile));
  }

  private static Bins bins(ReportAxis axis, long start, int length, boolean byGroup) {
    return byGroup ? Bins.byGroup(axis, start, length) : Bins.fine(axis, start, length);
  }

  /** Sums up a tile by its footer; empty where its numbers are needed. */
  Optional<TileSummary> of(Tile tile, Map<String, String> facts) {
    if (!allowsCoarse(tile)) {
      return Optional.empty();
    }
    int down = grid.rows().rows(tile.row());
    int across = grid.columns().rows(tile.column());
    Optional<BinSums> positions =
        parsed(facts.get(SUMS), Bins.byPosition(down), Bins.byPosition(across), diagonal(tile));
    Optional<BinSums> labels =
        grouped()
            ? parsed(
                facts.get(LABEL_SUMS),
                Bins.byGroup(rows, firstRow(tile), down),
                Bins.byGroup(columns, firstColumn(tile), across),
                diagonal(tile))
            : positions;
    return positions.flatMap(sums -> labels.map(own -> summary(tile, picture(sums, own), own)));
  }

  private static Optional<BinSums> parsed(String text, Bins rows, Bins columns, boolean diagonal) {
    return text == null ? Optional.empty() : BinSums.parse(text, rows, columns, diagonal);
  }

  /** Where samples lie by label, bins of positions would smear them. */
  private BinSums picture(BinSums positions, BinSums labels) {
    return rows.isOrdered() || columns.isOrdered() ? labels : positions;
  }

  private boolean grouped() {
    return !rows.groups().isEmpty() && !columns.groups().isEmpty();
  }

  private boolean allowsCoarse(Tile tile) {
    boolean oneWay = rows.isOrdered() == columns.isOrdered();
    return oneWay
        && rows.allowsCoarse(grid.rows().rows(tile.row()))
        && columns.allowsCoarse(grid.columns().rows(tile.column()));
  }

  private TileSummary summary(Tile tile, BinSums picture, BinSums byGroup) {
    return new TileSummary(
        tile, firstRow(tile), firstColumn(tile), picture, byGroup, rows, columns);
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
