package dev.tangents.job.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A kernel as the report shows it: a small picture, a table of means by label, the diagonal. */
public final class KernelSummary {
  private final ReportAxis rows;
  private final ReportAxis columns;
  private final double[] picture;
  private final double[] table;
  private final double[] diagonal;

  /**
   * Adds up the tiles, in an order that does not depend on which was computed first.
   *
   * @param symmetric whether tiles beside the diagonal stand for their mirror images too
   */
  public KernelSummary(
      ReportAxis rows, ReportAxis columns, List<TileSummary> tiles, boolean symmetric) {
    this.rows = rows;
    this.columns = columns;
    this.picture = new double[rows.pixels() * columns.pixels()];
    int across = columns.groups().size();
    this.table = new double[rows.groups().size() * across];
    List<TileSummary> sorted = new ArrayList<>(tiles);
    sorted.sort(Comparator.comparingInt(TileSummary::row).thenComparingInt(TileSummary::column));
    int length = sorted.stream().mapToInt(tile -> tile.diagonal().length).sum();
    this.diagonal = new double[length];
    int next = 0;
    for (TileSummary tile : sorted) {
      tile.addPixels(picture, columns.pixels(), false);
      tile.addGroups(table, across, false);
      if (symmetric && tile.row() != tile.column()) {
        tile.addPixels(picture, columns.pixels(), true);
        tile.addGroups(table, across, true);
      }
      System.arraycopy(tile.diagonal(), 0, diagonal, next, tile.diagonal().length);
      next += tile.diagonal().length;
    }
    toMeans(picture, rows.pixelCounts(), columns.pixelCounts());
    toMeans(table, rows.groupCounts(), columns.groupCounts());
  }

  /** The rows' axis. */
  ReportAxis rows() {
    return rows;
  }

  /** The columns' axis. */
  ReportAxis columns() {
    return columns;
  }

  /** Mean of the kernel over the entries of a pixel. */
  double pixel(int row, int column) {
    return picture[row * columns.pixels() + column];
  }

  /** Mean of the kernel over the entries of a pair of labels. */
  double group(int row, int column) {
    return table[row * columns.groups().size() + column];
  }

  /** K[n, n] by index; empty for a rectangular kernel. */
  double[] diagonal() {
    return diagonal.clone();
  }

  private static void toMeans(double[] sums, long[] rowCounts, long[] columnCounts) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] /=
          (double) rowCounts[i / columnCounts.length] * columnCounts[i % columnCounts.length];
    }
  }
}
