package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.ExportSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.export.ExportRun;
import java.util.List;
import java.util.Optional;

/** {@code tangents export}: a kernel in another form. */
public final class ExportCommand implements Command {
  @Override
  public String name() {
    return "export";
  }

  @Override
  public String summary() {
    return "A complete kernel as one NumPy array, or as Parquet with a whole row in a record.";
  }

  @Override
  public List<Setting<?>> settings() {
    return ExportSettings.all();
  }

  @Override
  public Optional<Setting<?>> argument() {
    return Optional.of(Settings.OUTPUT);
  }

  /**
   * The short flag {@code --format} is the format of the export here; elsewhere it is that of the
   * input.
   */
  @Override
  public List<String> flags(Setting<?> setting) {
    return setting == ExportSettings.FORMAT
        ? List.of("--format", "--" + setting.key())
        : Command.super.flags(setting);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    new ExportRun(configuration, console).run();
  }
}
