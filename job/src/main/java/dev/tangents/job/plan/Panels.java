package dev.tangents.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * N samples cut into panels. They came in batches: those of the run, and those of each append. Each
 * batch begins a new panel and is cut into panels of equal size, its last one shorter.
 *
 * @param batches samples of each batch
 * @param size samples in a panel but the last of a batch
 */
public record Panels(List<Long> batches, int size) implements Serializable {
  /** The panels of no samples: none. */
  public static final Panels NONE = new Panels(List.of(), 1);

  /** Copies the list. */
  public Panels {
    batches = List.copyOf(batches);
  }

  /** The panels of N samples that came in one batch. */
  public Panels(long samples, int size) {
    this(List.of(samples), size);
  }

  /**
   * The panels with given bounds.
   *
   * @param starts index of each panel's first sample, then N
   * @param size samples in a panel but the last of a batch
   */
  public static Panels of(List<Long> starts, int size) {
    List<Long> batches = new ArrayList<>();
    long first = 0;
    for (int end = 1; end < starts.size(); end++) {
      boolean full = starts.get(end) - starts.get(end - 1) == size;
      if (!full || end == starts.size() - 1) {
        batches.add(starts.get(end) - first);
        first = starts.get(end);
      }
    }
    return new Panels(batches, size);
  }

  /** These and a further batch behind them. */
  public Panels and(long samples) {
    List<Long> all = new ArrayList<>(batches);
    all.add(samples);
    return new Panels(all, size);
  }

  /** N. */
  public long samples() {
    return batches.stream().mapToLong(Long::longValue).sum();
  }

  /** Number of panels. */
  public int count() {
    return Math.toIntExact(batches.stream().mapToLong(this::panels).sum());
  }

  /** Index of the first sample of a panel. */
  public long first(int panel) {
    long first = 0;
    long before = 0;
    for (long batch : batches) {
      if (panel < before + panels(batch)) {
        return first + (panel - before) * size;
      }
      before += panels(batch);
      first += batch;
    }
    throw new IndexOutOfBoundsException(panel);
  }

  /** Samples in a panel. */
  public int rows(int panel) {
    long end = panel + 1 == count() ? samples() : first(panel + 1);
    return (int) (end - first(panel));
  }

  /** Samples in the largest panel. */
  public int largest() {
    return (int) Math.min(size, batches.stream().mapToLong(Long::longValue).max().orElse(0));
  }

  /** The panel of a sample. */
  public int panelOf(long index) {
    long first = 0;
    long before = 0;
    for (long batch : batches) {
      if (index < first + batch) {
        return (int) (before + (index - first) / size);
      }
      before += panels(batch);
      first += batch;
    }
    throw new IndexOutOfBoundsException(Long.toString(index));
  }

  private long panels(long samples) {
    return (samples + size - 1) / size;
  }

  /** File name of the records of a panel's samples. */
  public static String partName(int panel) {
    return String.format(Locale.ROOT, "part-%05d.parquet", panel);
  }

  /** File name of a panel's factors of a pass. */
  public static String factorsName(int panel, int pass) {
    return String.format(Locale.ROOT, "panel-%05d-%05d.factors", panel, pass);
  }

  /** File name of a panel. */
  public static String fileName(int panel) {
    return String.format(Locale.ROOT, "panel-%05d.parquet", panel);
  }
}
