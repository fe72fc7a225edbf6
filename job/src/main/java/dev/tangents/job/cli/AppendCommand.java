package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.append.AppendRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code tangents append}: more samples to a kernel that is there. */
public final class AppendCommand implements Command {
  @Override
  public String name() {
    return "append";
  }

  @Override
  public String summary() {
    return "Adds samples to a complete kernel: computes their rows and columns alone, with the settings of its"
        + " run. Without --input, damaged and missing tiles are computed again.";
  }

  /** What may differ from the kernel's run: the samples, where things lie, and how it is done. */
  @Override
  public List<Setting<?>> settings() {
    List<Setting<?>> settings = new ArrayList<>(List.of(Settings.OUTPUT));
    settings.addAll(AppendRun.CHOICES);
    settings.addAll(
        List.of(
            Settings.CACHE_MIB,
            Settings.FACTORS,
            Settings.VERIFY_MODEL,
            Settings.IF_EXISTS,
            Settings.MIXED_HARDWARE,
            Settings.MAX_RESIDUAL,
            GpuSettings.GPU,
            GpuSettings.REQUIRE_GPU,
            GpuSettings.GPU_TASKS,
            GpuSettings.PRECISION,
            GpuSettings.MAX_ERROR,
            Settings.HANG_MINUTES,
            Settings.DRY_RUN,
            Settings.MASTER));
    return settings;
  }

  @Override
  public Optional<Setting<?>> argument() {
    return Optional.of(Settings.OUTPUT);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    new AppendRun(configuration, console).run();
  }
}
