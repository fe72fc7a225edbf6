package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.config.VerifySettings;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.verify.VerifyRun;
import java.util.List;
import java.util.Optional;

/** {@code tangents verify}: whether a kernel is whole, unharmed and right. */
public final class VerifyCommand implements Command {
  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String summary() {
    return "Checks a complete kernel: every file against its checksums, symmetry, and K v against J (J^T v).";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        Settings.OUTPUT,
        VerifySettings.CHECKS,
        Settings.MODEL,
        Settings.MAX_RESIDUAL,
        GpuSettings.GPU,
        GpuSettings.REQUIRE_GPU,
        GpuSettings.GPU_TASKS,
        Settings.HANG_MINUTES,
        Settings.DRY_RUN,
        Settings.JSON,
        Settings.MASTER);
  }

  @Override
  public Optional<Setting<?>> argument() {
    return Optional.of(Settings.OUTPUT);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    new VerifyRun(configuration, console).run();
  }
}
