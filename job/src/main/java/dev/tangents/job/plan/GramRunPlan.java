package dev.tangents.job.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.Rates;
import dev.tangents.kernel.Roofline;
import dev.tangents.kernel.TermPlan;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A run as it will be done: sizes, tiles, operations and bytes.
 *
 * @param network the model and its kernel
 * @param grid the tiles
 * @param precision width of the numbers
 * @param microBatch samples in one run of the network
 * @param panelMib bound of a panel's factors, that of the settings and the engine, or less
 * @param cacheBytes factors kept beside those in use
 * @param mirror whether both halves of a symmetric kernel are written
 * @param check how tiles are checked
 * @param rates what checks, cutting and stored factors reckon with: not this machine's, so that
 *     they are the same wherever the plan is made
 */
public record GramRunPlan(
    NetworkSpec.Network network,
    TileGrid grid,
    Precision precision,
    int microBatch,
    long panelMib,
    long cacheBytes,
    boolean mirror,
    CheckPlan check,
    Rates rates) {
  private static final long MIB = 1L << 20;

  /**
   * A GPU wants larger products to be busy, and has tens of GiB that nothing else needs: panels of
   * 4 GiB and a cache of 8 GiB unless the user says otherwise. Less is tried where that is too
   * much.
   */
  private static final int MORE_ON_GPU = 4;

  /** The most tiles that wait on the heap for all passes of their plan. */
  private static final int TILES_A_PASS = 64;

  /**
   * A term is taken for one that a single kernel sums where it has fewer operations than so many
   * times those of its products: operations on elements add a few.
   */
  private static final double SUM_FLOPS = 1.5;

  /**
   * How often a check holds as many numbers as the parameters have: the weights for both of its
   * passes, and J^T v.
   */
  private static final int CHECK_COPIES = 3;

  /**
   * What a task may hold.
   *
   * @param panelMib MiB of a panel's factors
   * @param cacheMib MiB of further panels
   */
  public record Memory(long panelMib, long cacheMib) {
    /** The bounds of the settings; on a GPU larger ones unless they are given. */
    public static Memory of(Configuration configuration) {
      return new Memory(
          bound(configuration, Settings.PANEL_MIB), bound(configuration, Settings.CACHE_MIB));
    }

    private static long bound(Configuration configuration, Setting<Long> setting) {
      boolean larger =
          configuration.get(Settings.ENGINE).onGpu() && configuration.isDefault(setting);
      return configuration.get(setting) * (larger ? MORE_ON_GPU : 1);
    }
  }

  /** Plans with the bounds of the settings. */
  public static GramRunPlan of(
      Configuration configuration, NetworkSpec.Network network, List<Long> counts) {
    return of(configuration, network, counts, Memory.of(configuration));
  }

  /**
   * Plans the kernel of some samples with themselves, or with others.
   *
   * @param counts number of samples; of those of {@code --input2} behind it where there are any
   * @param memory bounds, those of the settings or less
   */
  public static GramRunPlan of(
      Configuration configuration, NetworkSpec.Network network, List<Long> counts, Memory memory) {
    long rows = counts.get(0);
    boolean symmetric = counts.size() == 1;
    long columns = symmetric ? rows : counts.get(1);
    Tiling tiling =
        Tiling.of(configuration, network, Math.max(rows, columns), memory.panelMib() * MIB);
    Panels panels = new Panels(rows, tiling.rows());
    Panels others = symmetric ? panels : new Panels(columns, tiling.rows());
    return of(configuration, tiling, new TileGrid(panels, others, symmetric), memory);
  }

  /**
   * Plans what is added to a kernel, with everything that its first run had decided.
   *
   * @param network loaded with the choices
   * @param grid all tiles, with those that are there
   * @param memory bounds, those of the settings or less
   */
  public static GramRunPlan extending(
      Configuration configuration,
      NetworkSpec.Network network,
      KernelChoices choices,
      TileGrid grid,
      Memory memory) {
    Tiling tiling = new Tiling(network, choices.tile(), choices.microBatch());
    return of(configuration, tiling, grid, memory);
  }

  private static GramRunPlan of(
      Configuration configuration, Tiling tiling, TileGrid grid, Memory memory) {
    GramRunPlan plan =
        new GramRunPlan(
            tiling.network(),
            grid,
            configuration.get(Settings.DTYPE),
            tiling.microBatch(),
            memory.panelMib(),
            memory.cacheMib() * MIB,
            configuration.get(Settings.MIRROR) && grid.symmetric(),
            CheckPlan.of(configuration, tiling.network(), grid),
            ratesOf(configuration));
    plan.requireSizes();
    return plan.withCacheOfUse();
  }

  /** A processor's, or a GPU's. */
  static Rates ratesOf(Configuration configuration) {
    return configuration.get(Settings.ENGINE).onGpu() ? Rates.GPU : Rates.REFERENCE;
  }

  /** A cache has room for no more than all panels beside the two of a tile. */
  private GramRunPlan withCacheOfUse() {
    long panels = grid.rows().count() + (grid.symmetric() ? 0L : grid.columns().count());
    double most = Math.max(0.0, (double) panels * plan().passes() - 2) * panelBytes();
    return new GramRunPlan(
        network,
        grid,
        precision,
        microBatch,
        panelMib,
        (long) Math.min((double) cacheBytes, most),
        mirror,
        check,
        rates);
  }

  /** What is held in one array must have at most 2^31 - 1 numbers. */
  private void requireSizes() {
    double result = (double) plan().outputBlocks() * tileRows() * tileColumns();
    double factors = (double) panelBytes() / precision.bytes();
    if (result > Integer.MAX_VALUE || factors > Integer.MAX_VALUE) {
      throw TangentsException.user(
          "tile: %,d samples make a tile of %,.0f numbers and a panel of %,.0f; at most %,d each can be held."
              + " Choose a smaller --tile",
          tileRows(), result, factors, Integer.MAX_VALUE);
    }
  }

  /** Rows of the largest tile. */
  public int tileRows() {
    return grid.tileRows();
  }

  /** Columns of the largest tile. */
  public int tileColumns() {
    return grid.tileColumns();
  }

  /**
   * The terms with their cost in the largest tile.
   *
   * @param rates what a task's processor does in a second
   */
  public List<TermPlan> terms(Rates rates) {
    return plan().terms(tileRows(), tileColumns(), new Roofline(rates, precision.bytes()));
  }

  /**
   * The terms with the seconds that they are predicted to take in the arithmetic of the tiles.
   *
   * @param rates strict ones
   */
  public List<TermPlan> predicted(Rates rates) {
    Arithmetic arithmetic = check.precision().arithmetic();
    List<TermPlan> strict = terms(rates);
    if (arithmetic == Arithmetic.STRICT) {
      return strict;
    }
    List<TermPlan> ofTiles = terms(rates.ofTiles(arithmetic));
    List<TermPlan> ofProducts = terms(rates.ofProducts(arithmetic));
    return IntStream.range(0, strict.size())
        .mapToObj(i -> (isOfSum(strict.get(i)) ? ofTiles : ofProducts).get(i))
        .toList();
  }

  /**
   * Whether a term is what one kernel sums over all terms: a Gram matrix or a Hadamard product of
   * two, of one number a pair of samples. Without positions each number of a sample's factors meets
   * one of the other's.
   */
  private boolean isOfSum(TermPlan term) {
    double products = 2.0 * term.numbersPerSample() * tileRows() * tileColumns();
    return plan().outputBlocks() == 1 && term.tileFlops() / plan().passes() < SUM_FLOPS * products;
  }

  /** Seconds of a task that the largest tile is predicted to take. */
  public double tileSeconds(Rates rates) {
    return predicted(rates).stream().mapToDouble(TermPlan::tileSeconds).sum();
  }

  /**
   * Largest tiles that take as many operations as all tiles that are computed: of those on the
   * diagonal little more than a half is formed.
   */
  public double tiles() {
    return tiles(grid.freshEntries(), grid.freshDiagonalEntries());
  }

  private double tiles(double entries, double diagonalEntries) {
    double largest = (double) tileRows() * tileColumns();
    double diagonal = diagonalEntries / largest;
    double share =
        diagonal == 0
            ? 1
            : plan().diagonalFlops(tileRows()) / plan().tileFlops(tileRows(), tileRows());
    return entries / largest - diagonal * (1 - share);
  }

  /** Largest tiles that take as many operations as some of the tiles. */
  public double tiles(Collection<Tile> some) {
    double entries = 0;
    double diagonal = 0;
    for (Tile tile : some) {
      double own = (double) grid.rows().rows(tile.row()) * grid.columns().rows(tile.column());
      entries += own;
      diagonal += grid.symmetric() && tile.row() == tile.column() ? own : 0;
    }
    return tiles(entries, diagonal);
  }

  /** Seconds of task time that one run of the network for every sample is predicted to take. */
  public double networkSeconds(Rates rates) {
    double samples = grid.rows().samples() + (grid.symmetric() ? 0 : grid.columns().samples());
    return plan().networkSeconds(microBatch, new Roofline(rates, precision.bytes())) * samples;
  }

  /** Operations of all tiles. */
  public double tileFlops() {
    return tileFlops(tiles());
  }

  private double tileFlops(double tiles) {
    return plan().tileFlops(tileRows(), tileColumns()) * tiles;
  }

  /** Operations of one run of the network, forward and back, for every sample once. */
  public double networkFlops() {
    double samples = grid.rows().samples() + (grid.symmetric() ? 0 : grid.columns().samples());
    return plan().networkFlops(microBatch) * samples;
  }

  /** Operations of some of the tiles, with one run of the network for every sample of theirs. */
  public double flops(Collection<Tile> some) {
    Set<Integer> rows = new HashSet<>();
    Set<Integer> columns = grid.symmetric() ? rows : new HashSet<>();
    for (Tile tile : some) {
      rows.add(tile.row());
      columns.add(tile.column());
    }
    double samples = rows.stream().mapToDouble(grid.rows()::rows).sum();
    if (!grid.symmetric()) {
      samples += columns.stream().mapToDouble(grid.columns()::rows).sum();
    }
    return tileFlops(tiles(some)) + plan().networkFlops(microBatch) * samples;
  }

  /** Bytes of the factors of the largest panel, padded to whole micro-batches. */
  public long panelBytes() {
    long rows = Math.max(tileRows(), tileColumns());
    long padded = (rows + microBatch - 1) / microBatch * microBatch;
    return padded * plan().factorNumbers() * precision.bytes();
  }

  /** Panels that a task can hold: the two of a tile, and those that the cache has room for. */
  public long heldPanels() {
    return 2 + cacheBytes / Math.max(1, panelBytes());
  }

  /** Tiles that are computed together, so that every pass of the plan goes through all of them. */
  public int together() {
    return plan().passes() > 1 ? TILES_A_PASS : 1;
  }

  /** How the tiles are cut into blocks for {@code slots} tasks at once. */
  public Cutting cutting(int slots) {
    double tile = terms(rates).stream().mapToDouble(TermPlan::tileSeconds).sum();
    double samples = grid.rows().samples() + (grid.symmetric() ? 0.0 : grid.columns().samples());
    double panel = networkSeconds(rates) * Math.max(tileRows(), tileColumns()) / samples;
    return new Cutting(slots, heldPanels(), together(), panel / tile);
  }

  /** Bytes of the results of the largest tile. */
  public long tileBytes() {
    return plan().tileNumbers(tileRows(), tileColumns()) * precision.bytes();
  }

  /** A bound on the bytes that a tile and a network pass need in between. */
  public long workBytes() {
    long diagonal = grid.symmetric() ? plan().diagonalNumbers(tileRows()) : 0;
    int arithmetics = check.precision().reduced() ? 2 : 1; // a tile may be wanted strictly too
    long tiles = arithmetics * (plan().tileWork(tileRows(), tileColumns()) + diagonal);
    return (tiles + plan().networkWork(microBatch)) * precision.bytes();
  }

  /**
   * A bound on the engine memory of one task: two panels, the cache, results, work, weights, check;
   * what an engine keeps beside panels for tiles in a reduced precision is left out, for it depends
   * on the device.
   */
  public long taskBytes() {
    long weights = network.model().parameterCount() * precision.bytes();
    return 2 * panelBytes()
        + cacheBytes
        + tileBytes()
        + workBytes()
        + (1 + CHECK_COPIES) * weights
        + strictBytes();
  }

  /** What the strict samples of tiles in a reduced arithmetic take, and a tile that is replaced. */
  private long strictBytes() {
    if (!check.precision().reduced()) {
      return 0;
    }
    long samples = 2L * check.samples() * plan().factorNumbers();
    return tileBytes() + (network.model().parameterCount() + samples) * precision.bytes();
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
