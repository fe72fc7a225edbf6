package dev.tangents.job.report;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.TileValues;
import dev.tangents.job.plan.Tile;
import java.io.Serializable;
import java.util.Arrays;

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
      add(values, r, line);
      if (withDiagonal) {
        summary.diagonal[r] = traced(values, r, r);
      }
      int group = grouped ? rows.group(rowStart + r) : 0;
      boolean more =
          r + 1 < values.rows()
              && rowPixel[r + 1] == rowPixel[r]
              && (!grouped || rows.group(rowStart + r + 1) == group);
      if (!more) { // rows of one pixel are added before they are spread over the columns' pixels
        spread(line, summary.sums, rowPixel[r] * summary.width, columnPixel);
        spread(line, summary.groups, group * across, columnGroup);
        Arrays.fill(line, 0);
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

  /** Adds the numbers of a line to the places of their columns, behind a base. */
  private static void spread(double[] line, double[] sums, int base, int... places) {
    for (int c = 0; c < places.length; c++) {
      sums[base + places[c]] += line[c];
    }
  }

  /** Adds row {@code r} of the trace over outputs, summed over components. */
  private static void add(TileValues values, int r, double[] line) {
    for (HostTensor component : values.components()) {
      for (int block = 0; block < values.blocks(); block++) {
        if (onTrace(values, block)) {
          int from = (block * values.rows() + r) * line.length;
          if (component.precision() == Precision.FLOAT) {
            float[] floats = component.floats();
            for (int c = 0; c < line.length; c++) {
              line[c] += floats[from + c];
            }
          } else {
            double[] doubles = component.doubles();
            for (int c = 0; c < line.length; c++) {
              line[c] += doubles[from + c];
            }
          }
        }
      }
    }
  }

  /** An entry of the trace over outputs, summed over components. */
  private static double traced(TileValues values, int r, int c) {
    double sum = 0;
    for (HostTensor component : values.components()) {
      for (int block = 0; block < values.blocks(); block++) {
        if (onTrace(values, block)) {
          sum += component.at((block * values.rows() + r) * values.columns() + c);
        }
      }
    }
    return sum;
  }

  private static boolean onTrace(TileValues values, int block) {
    return values.form() != TileValues.Form.FULL
        || block / values.outputs() == block % values.outputs();
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
