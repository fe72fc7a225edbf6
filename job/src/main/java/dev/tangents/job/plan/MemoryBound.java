package dev.tangents.job.plan;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;

/**
 * What a task may hold, and how that is cut down where an executor has less than was planned with.
 *
 * @param memory what it may hold
 * @param fixed whether panels must stay as they are, so that only the cache can be cut down
 */
public record MemoryBound(GramRunPlan.Memory memory, boolean fixed) {
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

  /** The same where panels must stay from now on. */
  public MemoryBound keepingPanels() {
    return new MemoryBound(memory, true);
  }

  /** Whether it cannot be cut down any more. */
  public boolean least() {
    return fixed ? memory.cacheMib() == 0 : memory.panelMib() / 2 < LEAST_PANEL_MIB;
  }

  /** Half of it: panels of half the bytes, or where these must stay half the cache. */
  public MemoryBound half() {
    long panel = fixed ? memory.panelMib() : memory.panelMib() / 2;
    long cache = fixed ? memory.cacheMib() / 2 : Math.min(memory.cacheMib(), panel);
    return new MemoryBound(new GramRunPlan.Memory(panel, cache), fixed);
  }

  @Override
  public String toString() {
    return fixed
        ? "a cache of " + memory.cacheMib() + " MiB"
        : "panels of " + memory.panelMib() + " MiB";
  }
}
