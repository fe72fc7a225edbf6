package dev.tangents.job.plan;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;

/**
 * What a task may hold, and how that is cut down where an executor has less than was planned with:
 * first the cache, which changes no number, and then the panels, which make smaller tiles.
 *
 * @param memory what it may hold
 * @param fixed whether panels must stay as they are, so that only the cache can be cut down
 */
public record MemoryBound(GramRunPlan.Memory memory, boolean fixed) {
  private static final int MIB_BITS = 20;

  /** A cache is cut down to a quarter, since every try takes a round of all executors. */
  private static final int CUT = 4;

  /**
   * Before a cache gets smaller than this, panels do: without one the network runs for each tile.
   */
  private static final long LEAST_CACHE_MIB = 128;

  /** Panels of less make tiles too small to be worth while. */
  private static final long LEAST_PANEL_MIB = 16;

  /**
   * The bounds of the settings.
   *
   * @param known whether panels are there already
   */
  public static MemoryBound of(Configuration configuration, boolean known) {
    boolean fixed = known || configuration.find(Settings.TILE).isPresent();
    return new MemoryBound(GramRunPlan.Memory.of(configuration), fixed);
  }

  /** This bound where panels must stay from now on. */
  public MemoryBound keepingPanels() {
    return new MemoryBound(memory, true);
  }

  /**
   * This bound with the MiB of a panel that an earlier part of the run has found; panels stay from
   * now on.
   */
  public MemoryBound keepingPanels(long panelMib) {
    return new MemoryBound(new GramRunPlan.Memory(panelMib, memory.cacheMib()), true);
  }

  /**
   * Whether it cannot be cut down any more.
   *
   * @param plan made with it
   */
  public boolean least(GramRunPlan plan) {
    return !hasCache(plan) && (fixed || memory.panelMib() / 2 < LEAST_PANEL_MIB);
  }

  /**
   * What is tried next.
   *
   * @param plan made with this bound, which may hold less
   */
  public MemoryBound less(GramRunPlan plan) {
    if (hasCache(plan)) {
      long used = plan.cacheBytes() >> MIB_BITS;
      long cache = fixed ? used / CUT : Math.max(LEAST_CACHE_MIB, used / CUT);
      return new MemoryBound(new GramRunPlan.Memory(memory.panelMib(), cache), fixed);
    }
    if (fixed) {
      throw new IllegalStateException("There is nothing left to cut down");
    }
    long panel = memory.panelMib() / 2;
    long cache = Math.min(memory.cacheMib(), panel);
    return new MemoryBound(new GramRunPlan.Memory(panel, cache), false);
  }

  /** Whether there is a cache to cut down. */
  private boolean hasCache(GramRunPlan plan) {
    return plan.cacheBytes() >> MIB_BITS > (fixed ? 0 : LEAST_CACHE_MIB);
  }

  @Override
  public String toString() {
    return "panels of at most %d MiB and a cache of %d MiB"
        .formatted(memory.panelMib(), memory.cacheMib());
  }
}
