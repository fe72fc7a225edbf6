package dev.tangents.job.cli;

import dev.tangents.job.bench.Row;
import dev.tangents.job.bench.ScaleBench;
import dev.tangents.job.bench.Table;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.stage.Sessions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code tangents bench scale}: whole runs on the Spark that is there. */
public final class ScaleBenchCommand implements Command {
  private static final long SAMPLES = 49_152;

  @Override
  public String name() {
    return "bench scale";
  }

  @Override
  public String summary() {
    return "gram from reading to commit, N = 49152 (--limit) and half of it, on all of Spark's task slots,"
        + " against sgemm on them; takes minutes, and 5 GB for temporary files.";
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
        ScaleBench.run(
            settings -> Sessions.open(Sessions.conf("bench scale", settings)),
            kept,
            configuration.find(Settings.LIMIT).orElse(SAMPLES));
    console.out().print(configuration.get(Settings.JSON) ? Table.json(rows) : Table.text(rows));
  }
}
