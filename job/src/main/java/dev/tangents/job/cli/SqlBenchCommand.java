package dev.tangents.job.cli;

import dev.tangents.job.bench.Row;
import dev.tangents.job.bench.SqlBench;
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

/** {@code tangents bench sql}: queries on the Spark that is there. */
public final class SqlBenchCommand implements Command {
  private static final long ROWS = 200_000;

  @Override
  public String name() {
    return "bench sql";
  }

  @Override
  public String summary() {
    return "tangents_jacobian over N = 200000 rows (--limit) in a query, against the job's own run and against a"
        + " function that computes row by row; takes about three minutes.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.LIMIT, Settings.JSON, Settings.MASTER);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    Map<String, Value> kept = new LinkedHashMap<>(configuration.values());
    kept.keySet().retainAll(List.of(Settings.MASTER.key()));
    List<Row> rows =
        SqlBench.run(
            settings -> OpenSession.start(Sessions.conf("bench sql", settings)).spark(),
            kept,
            configuration.find(Settings.LIMIT).orElse(ROWS));
    console.out().print(configuration.get(Settings.JSON) ? Table.json(rows) : Table.text(rows));
  }
}
