package dev.tangents.job.stage;

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

  private ReportSize() {}

  /** Pixels along a side of a picture by label for so many tiles; 0 if there are too many. */
  static int pixels(long tiles) {
    int pixels = (int) Math.min(MOST, Math.sqrt((double) BYTES / Double.BYTES / tiles));
    return pixels < LEAST ? 0 : pixels;
  }
}
