package dev.tangents.it;

import dev.tangents.job.cli.Command;
import dev.tangents.job.cli.Tangents;
import dev.tangents.job.report.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that was run in this JVM.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it told the user
 */
record Ran(int code, String out, String err) {
  /** Runs {@code tangents NAME ARGUMENTS}. */
  static Ran of(Command command, String... arguments) {
    List<String> args = new ArrayList<>(List.of(command.name()));
    args.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false);
    int code = new Tangents(List.of(command), console).run(args.toArray(String[]::new));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
