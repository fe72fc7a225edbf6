package dev.tangents.job.report;

import dev.tangents.job.plan.Tile;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A tile as the report needs it: sums over the pixels that it touches, sums by pair of labels, and
 * its diagonal.
 */
public final class TileSummary implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int row;
  private final int column;
  private final int firstRow;
  private final int firstColumn;
  private final int width;
  private final double[] sums;
  private final double[] groups;
  private final double[] diagonal;

  /**
   * The summary of a tile. The sum of a pair of bins that touch several pixels is shared out among
   * these by the samples that each has of the bins.
   *
   * @param rowStart index of its first row
   * @param columnStart index of its first column
   * @param tileSums sums of its entries over bins that are no larger than a pixel
   * @param byGroup sums over bins of one group each; not looked at where there are no groups
   */
  public TileSummary(
      Tile tile,
      long rowStart,
      long columnStart,
      BinSums tileSums,
      BinSums byGroup,
      ReportAxis rows,
      ReportAxis columns) {
    this.row = tile.row();
    this.column = tile.column();
    Pixels down = new Pixels(rows, rowStart, tileSums.rows());
    Pixels across = new Pixels(columns, columnStart, tileSums.columns());
    this.firstRow = down.first;
    this.firstColumn = across.first;
    this.width = across.extent;
    this.sums = new double[down.extent * across.extent];
    boolean grouped = !rows.groups().isEmpty() && !columns.groups().isEmpty();
    this.groups = new double[grouped ? rows.groups().size() * columns.groups().size() : 0];
    this.diagonal = tileSums.diagonal();
    if (grouped) {
      addGroups(byGroup, rowStart, columnStart, rows, columns);
    }
    for (int r = 0; r < tileSums.rows().count(); r++) {
      for (int c = 0; c < tileSums.columns().count(); c++) {
        double sum = tileSums.sum(r, c);
        for (int i = 0; i < down.pixels[r].length; i++) {
          int base = down.pixels[r][i] * width;
          for (int j = 0; j < across.pixels[c].length; j++) {
            sums[base + across.pixels[c][j]] += sum * (down.share(r, i) * across.share(c, j));
          }
        }
      }
    }
  }

  private void addGroups(
      BinSums byGroup, long rowStart, long columnStart, ReportAxis rows, ReportAxis columns) {
    for (int r = 0; r < byGroup.rows().count(); r++) {
      int base = rows.group(rowStart + byGroup.rows().first(r)) * columns.groups().size();
      for (int c = 0; c < byGroup.columns().count(); c++) {
        int column = columns.group(columnStart + byGroup.columns().first(c));
        groups[base + column] += byGroup.sum(r, c);
      }
    }
  }

  /** The pixels of a side that each bin touches, relative to the first of all. */
  private static final class Pixels {
    private final Bins bins;
    private final int first;
    private final int extent;
    private final int[][] pixels;
    private final int[][] samples;

    Pixels(ReportAxis axis, long start, Bins bins) {
      this.bins = bins;
      int least = Integer.MAX_VALUE;
      int most = 0;
      for (int i = 0; i < bins.length(); i++) {
        least = Math.min(least, axis.pixel(start + i));
        most = Math.max(most, axis.pixel(start + i));
      }
      this.first = least;
      this.extent = most - least + 1;
      this.pixels = new int[bins.count()][0];
      this.samples = new int[bins.count()][0];
      for (int i = 0; i < bins.length(); i++) {
        add(bins.of(i), axis.pixel(start + i) - first);
      }
    }

    /** Samples of one bin come by pixel, or nearly so: the last one added is looked at first. */
    private void add(int bin, int pixel) {
      int at = pixels[bin].length - 1;
      while (at >= 0 && pixels[bin][at] != pixel) {
        at--;
      }
      if (at < 0) {
        at = pixels[bin].length;
        pixels[bin] = Arrays.copyOf(pixels[bin], at + 1);
        samples[bin] = Arrays.copyOf(samples[bin], at + 1);
        pixels[bin][at] = pixel;
      }
      samples[bin][at]++;
    }

    /** The share of a bin's samples that its pixel {@code i} has. */
    double share(int bin, int i) {
      return (double) samples[bin][i] / bins.samples(bin);
    }
  }

  /** Row panel. */
  int row() {
    return row;
  }

  /** Column panel. */
  int column() {
    return column;
  }

  /** Adds the sums of pixels into a picture of {@code across} columns, transposed if asked. */
  void addPixels(double[] picture, int across, boolean transposed) {
    for (int i = 0; i < sums.length; i++) {
      int r = firstRow + i / width;
      int c = firstColumn + i % width;
      picture[transposed ? c * across + r : r * across + c] += sums[i];
    }
  }

  /** Adds the sums of label pairs into a table of {@code across} columns, transposed if asked. */
  void addGroups(double[] table, int across, boolean transposed) {
    for (int i = 0; i < groups.length; i++) {
      table[transposed ? i % across * across + i / across : i] += groups[i];
    }
  }

  /** The diagonal; empty if the kernel's does not run through this tile. Not copied. */
  double[] diagonal() {
    return diagonal;
  }
}
