package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.doctor.DoctorRun;
import java.util.List;

/** {@code tangents doctor}: whether runs would work here, and if not what to do. */
public final class DoctorCommand implements Command {
  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "Checks Java, native libraries, threads, memory and Spark's settings on driver and executors, and"
        + " names a cure for each fault.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        Settings.MASTER, Settings.OUTPUT, Settings.ENGINE, GpuSettings.GPU, Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    new DoctorRun(configuration, console).run();
  }
}
