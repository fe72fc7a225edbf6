package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.report.Console;
import dev.tangents.job.rows.RowCommand;
import dev.tangents.job.stage.rows.RowsRun;
import java.util.List;

/**
 * A command over rows: {@code tangents jacobian} and its kin.
 *
 * @param kind which one
 */
public record RowsCommand(RowCommand kind) implements Command {
  @Override
  public String name() {
    return kind.command();
  }

  @Override
  public String summary() {
    return kind.summary();
  }

  @Override
  public List<Setting<?>> settings() {
    return kind.settings();
  }

  @Override
  public void run(Configuration configuration, Console console) {
    new RowsRun(kind, configuration, console).run();
  }
}
