package dev.tangents.job.bench;

import dev.tangents.job.bench.ScaleRuns.Figures;
import dev.tangents.job.bench.ScaleRuns.Sgemm;
import dev.tangents.job.config.Configuration.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code tangents bench scale}: {@link ScaleRuns} of N and N / 2 samples against matrix products on
 * all slots, and of N on one executor, or one thread, where there are more. Useful operations are
 * those of the tiles and of one network pass a sample. The first run, in which executors compile
 * what they execute, is a row of its own and no part of a comparison; that of the one executor is
 * not shown.
 */
public final class ScaleBench {
  private ScaleBench() {}

  /**
   * Measures. Takes some minutes on two cores, and 5 GB of the folder for temporary files.
   *
   * @param sessions opens a session with the plugin
   * @param settings that every run takes, such as the master
   * @param samples N
   */
  public static List<Row> run(
      ScaleRuns.Opener sessions, Map<String, Value> settings, long samples) {
    try (ScaleRuns runs = ScaleRuns.in(sessions, settings)) {
      runs.write(samples);
      Sgemm before = runs.sgemm();
      Figures first = runs.gram(samples / 2);
      Figures half = runs.gram(samples / 2);
      Figures whole = runs.gram(samples);
      Sgemm all = before.and(runs.sgemm());
      List<Row> rows = new ArrayList<>();
      rows.add(all.row());
      rows.add(row(", first run", first, samples / 2, all));
      rows.add(beforeTiles(first));
      rows.add(row("", half, samples / 2, all));
      rows.add(row("", whole, samples, all));
      rows.add(beforeTiles(whole));
      double perEntry = perEntry(whole, samples);
      rows.add(
          new Row(
              "time an entry, N = %d".formatted(samples),
              perEntry * 1e9,
              "ns",
              perEntry / perEntry(half, samples / 2),
              "of that at N / 2"));
      if (all.slots() > 1) {
        rows.addAll(compared(runs, samples, whole, all));
      }
      return rows;
    }
  }

  /** The same run on one executor, or one thread, and how much faster all of them were together. */
  private static List<Row> compared(ScaleRuns runs, long samples, Figures together, Sgemm all) {
    runs.goOnAlone();
    Sgemm before = runs.sgemm();
    runs.gram(samples / 2); // not counted: an executor is new
    Figures figures = runs.gram(samples);
    Sgemm one = before.and(runs.sgemm());
    double ratio = figures.seconds() / together.seconds();
    double products = all.rate() / one.rate();
    return List.of(
        one.row(),
        row("", figures, samples, one),
        new Row(
            "%d slots over %d".formatted(all.slots(), one.slots()),
            ratio,
            "times",
            ratio / products,
            "of sgemm's ratio"));
  }

  private static Row row(String how, Figures figures, long samples, Sgemm baseline) {
    double rate = figures.flops() / figures.seconds();
    return new Row(
        String.format(Locale.ROOT, "gram, N = %d%s, %.1f s", samples, how, figures.seconds()),
        rate * 1e-9,
        "GFLOP/s",
        rate / baseline.rate(),
        "of sgemm");
  }

  /** What happens before the first tile. */
  private static Row beforeTiles(Figures figures) {
    return new Row(
        "  of these, reading, rehearsal, panels",
        figures.seconds() - figures.tiles(),
        "s",
        1 - figures.tiles() / figures.seconds(),
        "of the run");
  }

  private static double perEntry(Figures figures, long samples) {
    return figures.seconds() / ((double) samples * (samples + 1) / 2);
  }
}
