package dev.tangents.job.plan;

import dev.tangents.job.config.Choices.Factors;
import java.util.List;

/**
 * Whether a panel's factors are computed again for every block of tiles that needs them, or once,
 * and read from the output's folder from then on. Neither changes a bit of the result.
 *
 * <pre>
 * recompute  loads x network pass of a panel
 * store      panels x (network pass + factors / w)  +  loads x factors / r
 * </pre>
 *
 * @param asked what was asked for
 * @param panels panels of both sides
 * @param loads how often a task needs a panel's factors that it does not hold
 * @param passSeconds network pass of a panel, all outputs
 * @param bytes factors of a panel, all outputs
 * @param resultBytes of the kernel's files, in as many copies as a cluster keeps
 */
public record FactorPlan(
    Factors asked,
    double panels,
    double loads,
    double passSeconds,
    double bytes,
    double resultBytes) {
  /** Bytes a second that a task writes to, or reads from, a store that several share. */
  private static final double STORE_RATE = 500e6;

  /** Copies of the result that HDFS keeps; of the stored factors it keeps one. */
  private static final int COPIES = 3;

  /**
   * Share of the time of computing factors again that storing them must stay below: they take room,
   * so they must save a fifth.
   */
  private static final double WORTH = 0.8;

  /**
   * The plan of a run.
   *
   * @param slots tasks that run at once
   */
  public static FactorPlan of(Factors asked, GramRunPlan plan, int slots) {
    TileGrid grid = plan.grid();
    double panels = grid.rows().count() + (grid.symmetric() ? 0 : grid.columns().count());
    double samples = grid.rows().samples() + (grid.symmetric() ? 0.0 : grid.columns().samples());
    double numbers = (double) plan.plan().factorNumbers() * plan.plan().passes();
    return new FactorPlan(
        asked,
        panels,
        loads(grid, grid.blocks(plan.cutting(slots))),
        plan.networkSeconds(plan.rates()) / panels,
        numbers * plan.precision().bytes() * samples / panels,
        COPIES * plan.resultBytes());
  }

  private static double loads(TileGrid grid, List<TileBlock> blocks) {
    return blocks.stream()
        .filter(block -> !grid.known(block.tiles().get(0)))
        .mapToDouble(TileBlock::panels)
        .sum();
  }

  /** Task seconds where factors are computed again. */
  public double recomputeSeconds() {
    return loads * passSeconds;
  }

  /** Task seconds where factors are stored. */
  public double storeSeconds() {
    return panels * (passSeconds + bytes / STORE_RATE) + loads * bytes / STORE_RATE;
  }

  /** Bytes of the store. */
  public double storeBytes() {
    return panels * bytes;
  }

  /**
   * Whether factors are stored.
   *
   * @param free bytes that the store may take
   */
  public boolean stored(double free) {
    return switch (asked) {
      case RECOMPUTE -> false;
      case STORE -> true;
      case AUTO ->
          storeSeconds() < WORTH * recomputeSeconds() && 2 * storeBytes() + resultBytes < free;
    };
  }

  /** Computing factors again and storing them, a line each. */
  List<String[]> table() {
    return List.of(
        new String[] {"factors", "network passes", "written", "read", "predicted"},
        new String[] {
          "recompute",
          Math.round(loads) + " of panels",
          "-",
          "-",
          Amounts.seconds(recomputeSeconds()) + " of a thread"
        },
        new String[] {
          "store",
          Math.round(panels) + " of panels",
          Amounts.bytes(storeBytes()),
          Amounts.bytes(loads * bytes),
          Amounts.seconds(storeSeconds()) + " of a thread"
        });
  }
}
