package dev.tangents.job.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.TermPlan;
import java.util.List;

/**
 * A run as it will be done: sizes, tiles, operations and bytes.
 *
 * @param network the model and its kernel
 * @param grid the tiles
 * @param precision width of the numbers
 * @param microBatch samples in one run of the network
 * @param cacheBytes factors kept beside those in use
 * @param mirror whether both halves of a symmetric kernel are written
 */
public record GramRunPlan(
    NetworkSpec.Network network,
    TileGrid grid,
    Precision precision,
    int microBatch,
    long cacheBytes,
    boolean mirror) {
  /**
   * Rows of a tile unless the user says otherwise: at 2,048 a matrix product runs at full speed.
   */
  private static final int STANDARD_TILE = 2048;

  /** Fewer rows than this leave a matrix product far from full speed. */
  private static final int LEAST_TILE = 64;

  private static final long MIB = 1L << 20;

  /** Most bytes of a panel's factors, unless the user sets the tile. */
  private static final long PANEL_BYTES = 512 * MIB;

  /**
   * Plans the kernel of {@code rows} samples, or of {@code rows} with {@code columns} others.
   *
   * @param columns number of samples of {@code --input2}, negative if there is none
   */
  public static GramRunPlan of(
      Configuration configuration, NetworkSpec.Network network, long rows, long columns) {
    int tile = tile(configuration, network.plan());
    Panels panels = new Panels(rows, tile);
    boolean symmetric = columns < 0;
    TileGrid grid = new TileGrid(panels, symmetric ? panels : new Panels(columns, tile), symmetric);
    GramRunPlan plan =
        new GramRunPlan(
            network,
            grid,
            configuration.get(Settings.DTYPE),
            (int) Math.min(tile, configuration.get(Settings.MICRO_BATCH)),
            configuration.get(Settings.CACHE_MIB) * MIB,
            configuration.get(Settings.MIRROR) && symmetric);
    plan.requireSizes();
    return plan;
  }

  /** What is held in one array must have at most 2^31 - 1 numbers. */
  private void requireSizes() {
    double result = (double) plan().outputBlocks() * tileRows() * tileColumns();
    double factors = (double) panelBytes() / precision.bytes();
    if (result > Integer.MAX_VALUE || factors > Integer.MAX_VALUE) {
      throw TangentsException.user(
          "tile: %d samples make a tile of %.0f numbers and a panel of %.0f; at most %d each can be held."
              + " Choose a smaller --tile",
          tileRows(), result, factors, Integer.MAX_VALUE);
    }
  }

  /**
   * Samples in a panel: as configured; else 2,048, less where a tile has several blocks, so that
   * its results are no larger than those of one of 2,048, and less where the factors of a panel
   * would take too much memory.
   */
  public static int tile(Configuration configuration, KernelPlan plan) {
    int width = configuration.get(Settings.DTYPE).bytes();
    double byResult = STANDARD_TILE / Math.sqrt((double) plan.tileNumbers(1, 1));
    double byPanel = (double) PANEL_BYTES / Math.max(1, plan.factorNumbers() * width);
    long fits = Math.max(LEAST_TILE, (long) Math.min(byResult, byPanel));
    long batch = configuration.get(Settings.MICRO_BATCH);
    // Whole micro-batches, so that no panel but the last is padded.
    long standard = fits > batch ? fits - fits % batch : fits;
    return Math.toIntExact(Math.min(1 << 20, configuration.find(Settings.TILE).orElse(standard)));
  }

  /** Rows of the largest tile. */
  public int tileRows() {
    return (int) Math.min(grid.rows().size(), grid.rows().samples());
  }

  /** Columns of the largest tile. */
  public int tileColumns() {
    return (int) Math.min(grid.columns().size(), grid.columns().samples());
  }

  /** The terms with their cost in the largest tile. */
  public List<TermPlan> terms() {
    return plan().terms(tileRows(), tileColumns());
  }

  /** Operations of all tiles. */
  public double tileFlops() {
    double largest = (double) tileRows() * tileColumns();
    return plan().tileFlops(tileRows(), tileColumns()) * (grid.entries() / largest);
  }

  /** Operations of one run of the network, forward and back, for every sample once. */
  public double networkFlops() {
    double samples = grid.rows().samples() + (grid.symmetric() ? 0 : grid.columns().samples());
    return plan().networkFlops(microBatch) * samples;
  }

  /** Bytes of the factors of the largest panel, padded to whole micro-batches. */
  public long panelBytes() {
    long rows = Math.max(tileRows(), tileColumns());
    long padded = (rows + microBatch - 1) / microBatch * microBatch;
    return padded * plan().factorNumbers() * precision.bytes();
  }

  /** Bytes of the results of the largest tile. */
  public long tileBytes() {
    return plan().tileNumbers(tileRows(), tileColumns()) * precision.bytes();
  }

  /** A bound on the bytes that a tile and a network pass need in between. */
  public long workBytes() {
    return plan().workNumbers(tileRows(), tileColumns(), microBatch) * precision.bytes();
  }

  /** A bound on the engine memory of one task: two panels, the cache, results, work, weights. */
  public long taskBytes() {
    long weights = network.model().parameterCount() * precision.bytes();
    return 2 * panelBytes() + cacheBytes + tileBytes() + workBytes() + weights;
  }

  /** Bytes of the values in the result's files. */
  public double resultBytes() {
    double entries =
        mirror ? (double) grid.rows().samples() * grid.rows().samples() : grid.entries();
    return entries * plan().tileNumbers(1, 1) * precision.bytes();
  }

  /** The plan of the kernel. */
  public KernelPlan plan() {
    return network.plan();
  }
}
