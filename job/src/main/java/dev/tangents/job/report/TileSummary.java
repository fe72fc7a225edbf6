package dev.tangents.job.report;

import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.TileValues;
import dev.tangents.job.plan.Tile;
import java.io.Serializable;

/**
 * A tile as the report needs it: sums over the pixels that it touches, sums by pair of labels, and
 * its diagonal. Blocks of outputs are traced and components added, so that it is always about the
 * kernel as a whole.
 */
public final class TileSummary implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int row;
  private final int column;
  private int firstRow = Integer.MAX_VALUE;
  private int firstColumn = Integer.MAX_VALUE;
  private int width;
  private double[] sums = new double[0];
  private double[] groups = new double[0];
  private double[] diagonal = new double[0];

  private TileSummary(Tile tile) {
    this.row = tile.row();
    this.column = tile.column();
  }

  /**
   * Sums up a tile.
   *
   * @param rowStart index of its first row
   * @param columnStart index of its first column
   * @param withDiagonal whether its diagonal is the kernel's
   */
  public static TileSummary of(
      Tile tile,
      long rowStart,
      long columnStart,
      TileValues values,
      ReportAxis rows,
      ReportAxis columns,
      boolean withDiagonal) {
    TileSummary summary = new TileSummary(tile);
    int[] rowPixel = new int[values.rows()];
    int[] columnPixel = new int[values.columns()];
    summary.firstRow = pixels(rows, rowStart, rowPixel);
    summary.firstColumn = pixels(columns, columnStart, columnPixel);
    summary.width = extent(columnPixel);
    summary.sums = new double[extent(rowPixel) * summary.width];
    boolean grouped = !rows.groups().isEmpty() && !columns.groups().isEmpty();
    int across = columns.groups().size();
    summary.groups = grouped ? new double[rows.groups().size() * across] : new double[0];
    int[] columnGroup = new int[grouped ? values.columns() : 0];
    for (int c = 0; c < columnGroup.length; c++) {
      columnGroup[c] = columns.group(columnStart + c);
    }
    double[] line = new double[values.columns()];
    summary.diagonal = new double[withDiagonal ? values.rows() : 0];
    for (int r = 0; r < values.rows(); r++) {
      traced(values, r, line);
      int base = rowPixel[r] * summary.width;
      for (int c = 0; c < line.length; c++) {
        summary.sums[base + columnPixel[c]] += line[c];
      }
      if (grouped) {
        int group = rows.group(rowStart + r) * across;
        for (int c = 0; c < line.length; c++) {
          summary.groups[group + columnGroup[c]] += line[c];
        }
      }
      if (withDiagonal) {
        summary.diagonal[r] = line[r];
      }
    }
    return summary;
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

  /** Row {@code r} of the trace over outputs, summed over components. */
  private static void traced(TileValues values, int r, double[] line) {
    java.util.Arrays.fill(line, 0);
    for (HostTensor component : values.components()) {
      for (int block = 0; block < values.blocks(); block++) {
        boolean full = values.form() == TileValues.Form.FULL;
        if (!full || block / values.outputs() == block % values.outputs()) {
          int from = (block * values.rows() + r) * line.length;
          for (int c = 0; c < line.length; c++) {
            line[c] += component.at(from + c);
          }
        }
      }
    }
  }

  /** Fills in the pixels relative to the first one touched, which it returns. */
  private static int pixels(ReportAxis axis, long start, int[] pixel) {
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < pixel.length; i++) {
      pixel[i] = axis.pixel(start + i);
      first = Math.min(first, pixel[i]);
    }
    for (int i = 0; i < pixel.length; i++) {
      pixel[i] -= first;
    }
    return first;
  }

  private static int extent(int[] pixel) {
    int last = 0;
    for (int p : pixel) {
      last = Math.max(last, p);
    }
    return last + 1;
  }
}
