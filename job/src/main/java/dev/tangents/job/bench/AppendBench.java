package dev.tangents.job.bench;

import dev.tangents.job.bench.ScaleRuns.Figures;
import dev.tangents.job.config.Configuration.Value;
import java.util.List;
import java.util.Map;

/**
 * {@code tangents bench append}: {@link ScaleRuns} of a kernel to which a tenth of its samples is
 * added, against one run over all of them.
 */
public final class AppendBench {
  private static final double SHARE = 0.1;

  private AppendBench() {}

  /**
   * Measures. Takes some minutes on two cores, and 5 GB of the folder for temporary files.
   *
   * @param sessions opens a session with the plugin
   * @param settings that every run takes, such as the master
   * @param samples N before samples are added
   */
  public static List<Row> run(
      ScaleRuns.Opener sessions, Map<String, Value> settings, long samples) {
    long all = samples + Math.round(SHARE * samples);
    try (ScaleRuns runs = ScaleRuns.in(sessions, settings)) {
      runs.write(all);
      Figures first = runs.gram(samples);
      Figures added = runs.append(samples, all);
      Figures whole = runs.gram(all);
      double entries = ((double) all * all - (double) samples * samples) / 2;
      return List.of(
          Row.baseline("gram, N = " + all, whole.seconds(), "s"),
          row("gram, N = " + samples, first, whole),
          row("append of the other %d".formatted(all - samples), added, whole),
          new Row("  its entries", entries * 1e-6, "million", 2 * entries / all / all, "of all"),
          row("  before its tiles", added.seconds() - added.tiles(), whole));
    }
  }

  private static Row row(String name, Figures part, Figures whole) {
    return row(name, part.seconds(), whole);
  }

  private static Row row(String name, double seconds, Figures whole) {
    return new Row(name, seconds, "s", seconds / whole.seconds(), "of that");
  }
}
