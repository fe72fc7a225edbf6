package dev.tangents.job.plan;

import java.io.Serializable;

/**
 * N samples cut into panels of equal size, the last one shorter.
 *
 * @param samples N
 * @param size samples in a panel but the last
 */
public record Panels(long samples, int size) implements Serializable {
  /** Number of panels. */
  public int count() {
    return Math.toIntExact((samples + size - 1) / size);
  }

  /** Index of the first sample of a panel. */
  public long first(int panel) {
    return (long) panel * size;
  }

  /** Samples in a panel. */
  public int rows(int panel) {
    return (int) Math.min(size, samples - first(panel));
  }

  /** File name of the records of a panel's samples. */
  public static String partName(int panel) {
    return String.format(java.util.Locale.ROOT, "part-%05d.parquet", panel);
  }

  /** File name of a panel. */
  public static String fileName(int panel) {
    return String.format(java.util.Locale.ROOT, "panel-%05d.parquet", panel);
  }
}
