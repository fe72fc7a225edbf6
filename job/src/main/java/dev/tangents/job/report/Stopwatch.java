package dev.tangents.job.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Wall-clock seconds of the parts of a run, one after the other. */
public final class Stopwatch {
  private final long start = System.nanoTime();
  private final Map<String, Double> parts = new LinkedHashMap<>();
  private long last = start;

  /** Ends a part: gives it the time since the part before. */
  public void lap(String part) {
    long now = System.nanoTime();
    parts.put(part, rounded(now - last));
    last = now;
  }

  /** Seconds of one part, 0 if there was none. */
  public double seconds(String part) {
    return parts.getOrDefault(part, 0.0);
  }

  /** Seconds of all parts in order, and the total until now. */
  public Map<String, Object> all() {
    Map<String, Object> all = new LinkedHashMap<>(parts);
    all.put("total", rounded(System.nanoTime() - start));
    return all;
  }

  private static double rounded(long nanos) {
    return Math.round(nanos / 1e6) / 1e3;
  }
}
