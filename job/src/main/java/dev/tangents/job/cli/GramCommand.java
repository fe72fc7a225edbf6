package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.gram.GramRun;
import java.util.List;

/** {@code tangents gram}: the neural tangent kernel of a data set. */
public final class GramCommand implements Command {
  @Override
  public String name() {
    return "gram";
  }

  @Override
  public String summary() {
    return "Neural tangent kernel of a network over a data set, as Parquet tiles.";
  }

  @Override
  public List<Setting<?>> settings() {
    return Settings.gram();
  }

  @Override
  public void run(Configuration configuration, Console console) {
    new GramRun(configuration, console).run();
  }
}
