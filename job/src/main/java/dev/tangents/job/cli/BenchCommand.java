package dev.tangents.job.cli;

import dev.tangents.job.bench.DerivativesBench;
import dev.tangents.job.bench.GramBench;
import dev.tangents.job.bench.NetworksBench;
import dev.tangents.job.bench.Row;
import dev.tangents.job.bench.Table;
import dev.tangents.job.bench.WriteBench;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import java.util.List;
import java.util.function.Supplier;

/**
 * A benchmark: figures of this machine beside baselines of the same run.
 *
 * @param name the command
 * @param summary what it measures, in a line
 * @param rows measures
 */
public record BenchCommand(String name, String summary, Supplier<List<Row>> rows)
    implements Command {
  /** {@code tangents bench gram}. */
  public static BenchCommand gram() {
    return new BenchCommand(
        "bench gram",
        "Kernel arithmetic of one thread against baselines of the same run; takes a minute or two.",
        GramBench::run);
  }

  /** {@code tangents bench derivatives}. */
  public static BenchCommand derivatives() {
    return new BenchCommand(
        "bench derivatives",
        "Derivatives of one thread against baselines of the same run; takes a minute or two.",
        DerivativesBench::run);
  }

  /** {@code tangents bench networks}. */
  public static BenchCommand networks() {
    return new BenchCommand(
        "bench networks",
        "Kernel tiles of an MLP, ResNet-18 and ViT-tiny, by each method, against sgemm; takes one or"
            + " two minutes.",
        NetworksBench::run);
  }

  /** {@code tangents bench write}. */
  public static BenchCommand write() {
    return new BenchCommand(
        "bench write",
        "Writing a tile of 64 MiB, against a plain stream and Spark's own writer; takes half a minute.",
        WriteBench::run);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    List<Row> figures = rows.get();
    console
        .out()
        .print(configuration.get(Settings.JSON) ? Table.json(figures) : Table.text(figures));
  }
}
