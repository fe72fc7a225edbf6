package dev.tangents.job;

import dev.tangents.job.cli.AppendCommand;
import dev.tangents.job.cli.BenchCommand;
import dev.tangents.job.cli.Command;
import dev.tangents.job.cli.DoctorCommand;
import dev.tangents.job.cli.ExportCommand;
import dev.tangents.job.cli.GpuBenchCommand;
import dev.tangents.job.cli.GramCommand;
import dev.tangents.job.cli.InspectCommand;
import dev.tangents.job.cli.KernelBenchCommand;
import dev.tangents.job.cli.ModelBenchCommand;
import dev.tangents.job.cli.RowsCommand;
import dev.tangents.job.cli.ScaleBenchCommand;
import dev.tangents.job.cli.SqlBenchCommand;
import dev.tangents.job.cli.Tangents;
import dev.tangents.job.cli.VerifyCommand;
import dev.tangents.job.report.Console;
import dev.tangents.job.rows.RowCommand;
import java.util.List;

/** Entry of {@code spark-submit}. */
public final class Main {
  private static final List<Command> COMMANDS =
      List.of(
          new GramCommand(),
          new RowsCommand(RowCommand.JACOBIAN),
          new RowsCommand(RowCommand.DETERMINANT),
          new RowsCommand(RowCommand.HESSIAN),
          new RowsCommand(RowCommand.JVP),
          new RowsCommand(RowCommand.VJP),
          new RowsCommand(RowCommand.HVP),
          new RowsCommand(RowCommand.GRADIENT),
          new RowsCommand(RowCommand.DERIVE),
          new InspectCommand(),
          new DoctorCommand(),
          new VerifyCommand(),
          new AppendCommand(),
          new ExportCommand(),
          BenchCommand.gram(),
          BenchCommand.derivatives(),
          BenchCommand.networks(),
          BenchCommand.write(),
          new GpuBenchCommand(),
          ScaleBenchCommand.scale(),
          ScaleBenchCommand.append(),
          new SqlBenchCommand(),
          new ModelBenchCommand(),
          new KernelBenchCommand());

  private Main() {}

  /** Runs and ends the JVM with the exit code: 0 done, 1 failed, 2 usage. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs and returns the exit code. */
  public static int run(String... args) {
    return new Tangents(COMMANDS, Console.standard()).run(args);
  }
}
