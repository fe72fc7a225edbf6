package dev.tangents.job.bench;

/**
 * One figure of a benchmark.
 *
 * @param name what was measured
 * @param value the figure: the median of its repeats
 * @param unit its unit
 * @param ratio how it compares with its baseline; NaN for a baseline itself
 * @param meaning what the ratio is
 */
public record Row(String name, double value, String unit, double ratio, String meaning) {
  /** A baseline. */
  static Row baseline(String name, double value, String unit) {
    return new Row(name, value, unit, Double.NaN, "baseline");
  }

  /** Milliseconds, and how many times the baseline's time that is. */
  static Row times(String name, double seconds, double baseline, String meaning) {
    return new Row(name, seconds * 1e3, "ms", seconds / baseline, meaning);
  }

  /** Milliseconds, and how many times the baseline's speed that is. */
  static Row faster(String name, double seconds, double baseline, String meaning) {
    return new Row(name, seconds * 1e3, "ms", baseline / seconds, meaning);
  }
}
