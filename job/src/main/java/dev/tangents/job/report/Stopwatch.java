package dev.tangents.job.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Wall-clock seconds of the parts of a run, one after the other; a part may go on after others. */
public final class Stopwatch {
  private final long start = System.nanoTime();
  private final Map<String, Long> parts = new LinkedHashMap<>();
  private long last = start;

  /** Ends a part: adds the time since the part before to it. */
  public void lap(String part) {
    long now = System.nanoTime();
    parts.merge(part, now - last, Long::sum);
    last = now;
  }

  /** Seconds of one part, 0 if there was none. */
  public double seconds(String part) {
    return rounded(parts.getOrDefault(part, 0L));
  }

  /** Seconds of all parts in order, and the total until now. */
  public Map<String, Object> all() {
    Map<String, Object> all = new LinkedHashMap<>();
    parts.forEach((part, nanos) -> all.put(part, rounded(nanos)));
    all.put("total", rounded(System.nanoTime() - start));
    return all;
  }

  private static double rounded(long nanos) {
    return Math.round(nanos / 1e6) / 1e3;
  }
}
