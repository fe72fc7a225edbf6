package dev.tangents.job.report;

import java.io.PrintStream;

/**
 * Where a run talks to people.
 *
 * @param out results and plans
 * @param err progress and failures
 * @param terminal whether a person watches {@code err}, so that a line may be rewritten in place
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {
  /** The version of Java from which on there is a console even where nobody watches. */
  private static final int CONSOLE_FOR_ALL = 22;

  /** The process's own streams. */
  @SuppressWarnings("SystemConsoleNull")
  public static Console standard() {
    String term = System.getenv("TERM");
    boolean terminal =
        Runtime.version().feature() < CONSOLE_FOR_ALL
            && System.console() != null
            && term != null
            && !term.equals("dumb");
    return new Console(System.out, System.err, terminal);
  }
}
