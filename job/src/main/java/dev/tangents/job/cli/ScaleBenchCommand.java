package dev.tangents.job.cli;

import dev.tangents.job.bench.AppendBench;
import dev.tangents.job.bench.Row;
import dev.tangents.job.bench.ScaleBench;
import dev.tangents.job.bench.ScaleRuns;
import dev.tangents.job.bench.Table;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.session.OpenSession;
import dev.tangents.job.stage.session.Sessions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;

/** {@code tangents bench scale} and {@code append}: whole runs on the Spark that is there. */
public final class ScaleBenchCommand implements Command {
  private final String name;
  private final String summary;
  private final long samples;
  private final Bench bench;

  /** The measurement of one of the commands. */
  @FunctionalInterface
  private interface Bench {
    List<Row> run(ScaleRuns.Opener sessions, Map<String, Value> settings, long samples);
  }

  private ScaleBenchCommand(String name, String summary, long samples, Bench bench) {
    this.name = name;
    this.summary = summary;
    this.samples = samples;
    this.bench = bench;
  }

  /** {@code tangents bench scale}. */
  public static ScaleBenchCommand scale() {
    return new ScaleBenchCommand(
        "bench scale",
        "gram from reading to commit, N = 49152 (--limit) and half of it, on all of Spark's task slots,"
            + " against sgemm on them; takes minutes, and 5 GB for temporary files.",
        49_152,
        ScaleBench::run);
  }

  /** {@code tangents bench append}. */
  public static ScaleBenchCommand append() {
    return new ScaleBenchCommand(
        "bench append",
        "append of a tenth to the kernel of N = 40960 samples (--limit), against gram over all; takes"
            + " minutes, and 5 GB for temporary files.",
        40_960,
        AppendBench::run);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.LIMIT, Settings.PANEL_MIB, Settings.JSON, Settings.MASTER);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    Map<String, Value> kept = new LinkedHashMap<>(configuration.values());
    kept.keySet().retainAll(List.of(Settings.MASTER.key(), Settings.PANEL_MIB.key()));
    List<Row> rows =
        bench.run(this::open, kept, configuration.find(Settings.LIMIT).orElse(samples));
    console.out().print(configuration.get(Settings.JSON) ? Table.json(rows) : Table.text(rows));
  }

  private OpenSession open(Configuration settings, Map<String, String> properties) {
    SparkConf conf = Sessions.conf(name, settings);
    properties.forEach(conf::set);
    return OpenSession.start(conf);
  }
}
