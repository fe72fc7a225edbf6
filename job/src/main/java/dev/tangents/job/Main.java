package dev.tangents.job;

import dev.tangents.job.cli.BenchCommand;
import dev.tangents.job.cli.Command;
import dev.tangents.job.cli.Console;
import dev.tangents.job.cli.GramCommand;
import dev.tangents.job.cli.ModelBenchCommand;
import dev.tangents.job.cli.RowsCommand;
import dev.tangents.job.cli.Tangents;
import dev.tangents.job.rows.RowKind;
import java.util.List;

/** Entry of {@code spark-submit}. */
public final class Main {
  private static final List<Command> COMMANDS =
      List.of(
          new GramCommand(),
          new RowsCommand(RowKind.JACOBIAN),
          new RowsCommand(RowKind.HESSIAN),
          new RowsCommand(RowKind.JVP),
          new RowsCommand(RowKind.VJP),
          BenchCommand.gram(),
          BenchCommand.derivatives(),
          new ModelBenchCommand());

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
