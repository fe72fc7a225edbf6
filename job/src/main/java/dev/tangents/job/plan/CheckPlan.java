package dev.tangents.job.plan;

import dev.tangents.exec.Precision;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.kernel.Roofline;
import dev.tangents.kernel.TermPlan;
import dev.tangents.kernel.check.KernelCheck;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * How a run checks itself: of every so many tiles, some entries by J (J^T v).
 *
 * @param samples most rows and columns that a check takes of a tile
 * @param every a check for so many tiles, so that checks take at most 3 % of the tiles' time by the
 *     roofline of the reference processor or GPU; the first tile is always checked
 * @param bound largest residual that passes
 * @param precision how products are formed, and what their error may be
 */
public record CheckPlan(int samples, int every, double bound, TilePrecision precision)
    implements Serializable {
  private static final int SAMPLES = 16;
  private static final double SHARE = 0.03;

  /** Rounding is 1e-7 and 1e-15; what is left is room for cancellation in the network. */
  private static final double FLOAT_BOUND = 1e-3;

  private static final double DOUBLE_BOUND = 1e-9;

  /** The checks of the tiles of a grid. */
  static CheckPlan of(Configuration configuration, NetworkSpec.Network network, TileGrid grid) {
    int rows = grid.tileRows();
    int columns = grid.tileColumns();
    int samples = Math.max(1, Math.min(SAMPLES, Math.min(rows, columns)));
    Precision precision = configuration.get(Settings.DTYPE);
    Roofline roofline = new Roofline(GramRunPlan.ratesOf(configuration), precision.bytes());
    double check =
        KernelCheck.seconds(network.graph(), network.plan().request(), samples, roofline);
    double tile =
        network.plan().terms(rows, columns, roofline).stream()
            .mapToDouble(TermPlan::tileSeconds)
            .sum();
    double every = Math.ceil(check / (SHARE * tile));
    return new CheckPlan(
        samples,
        (int) Math.max(1, Math.min(Integer.MAX_VALUE, every)),
        bound(configuration),
        TilePrecision.of(configuration));
  }

  /**
   * The largest residual of a whole kernel that passes. Under random signs errors of entries add up
   * like their root mean square, so where products are reduced it is at most their largest one.
   */
  public static double boundOfKernel(Configuration configuration) {
    double strict = bound(configuration);
    return configuration.find(Settings.MAX_RESIDUAL).isPresent()
        ? strict
        : Math.max(strict, TilePrecision.of(configuration).maxError());
  }

  /** The largest residual of a strict tile that passes. */
  private static double bound(Configuration configuration) {
    boolean single = configuration.get(Settings.DTYPE) == Precision.FLOAT;
    return configuration.find(Settings.MAX_RESIDUAL).orElse(single ? FLOAT_BOUND : DOUBLE_BOUND);
  }

  /**
   * Whether a tile is checked: the first one, and of the others so many, spread at random. It does
   * not depend on how many tiles there are, so that a tile of a kernel that has grown is the same.
   */
  public boolean concerns(Tile tile) {
    long place = (long) tile.row() << Integer.SIZE | tile.column();
    return place == 0 || new SplittableRandom(place).nextInt(every) == 0;
  }
}
