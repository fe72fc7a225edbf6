package dev.tangents.job.stage.gram;

import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.Bins;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.stage.sample.Samples;
import java.util.ArrayList;
import java.util.List;

/**
 * How large the report's picture is. By index, a tile touches few pixels; by label it touches all,
 * and every tile sends all of them to the driver, so that the picture shrinks as tiles grow many.
 */
final class ReportSize {
  /** Pixels along a side at most. */
  static final int MOST = 512;

  /** A smaller picture by label says less than a large one by index. */
  private static final int LEAST = 128;

  private static final long BYTES = 64L << 20;

  /** Most tiles whose numbers are read again for a finer picture. */
  private static final long MANY_TILES = 128;

  private ReportSize() {}

  /** Pixels along a side of a picture by label for so many tiles; 0 if there are too many. */
  static int pixels(long tiles) {
    int pixels = (int) Math.min(MOST, Math.sqrt((double) BYTES / Double.BYTES / tiles));
    return pixels < LEAST ? 0 : pixels;
  }

  /** Rows and columns of the report's picture. */
  static List<ReportAxis> axes(TileGrid grid, List<Samples> samples) {
    int labelled = pixels(grid.count());
    boolean byLabel = labelled > 0;
    int pixels = byLabel ? labelled : MOST;
    List<ReportAxis> axes = new ArrayList<>();
    for (Samples side : samples) {
      List<Scalar> labels = side.labels();
      int count = Math.toIntExact(side.panels().samples());
      int bins = Math.max(1, count / Bins.size(side.panels().largest()));
      int most = grid.count() > MANY_TILES ? Math.min(pixels, bins) : pixels;
      axes.add(ReportAxis.of(count, labels, most, byLabel));
    }
    return axes.size() == 2 ? axes : List.of(axes.get(0), axes.get(0));
  }
}
