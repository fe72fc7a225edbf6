package dev.tangents.job.cli;

import dev.tangents.job.bench.GramBench;
import dev.tangents.job.bench.Row;
import dev.tangents.job.bench.Table;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import java.util.List;

/** {@code tangents bench gram}: figures of the kernel's arithmetic on this machine. */
public final class BenchCommand implements Command {
  @Override
  public String name() {
    return "bench gram";
  }

  @Override
  public String summary() {
    return "Kernel arithmetic of one thread against baselines of the same run; takes a minute or two.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    List<Row> rows = GramBench.run();
    console.out().print(configuration.get(Settings.JSON) ? Table.json(rows) : Table.text(rows));
  }
}
