package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.report.Console;
import java.util.List;
import java.util.Optional;

/** One command of the program. */
public interface Command {
  /** The word after {@code tangents}, or two with a space between: a group and its member. */
  String name();

  /** One line for the list of commands. */
  String summary();

  /** The settings that it has flags for. */
  List<Setting<?>> settings();

  /** The setting that may be given without its flag, as the one argument. */
  default Optional<Setting<?>> argument() {
    return Optional.empty();
  }

  /** The names of a setting's flag, the usual one first. */
  default List<String> flags(Setting<?> setting) {
    return List.of("--" + setting.key());
  }

  /**
   * Does the work.
   *
   * @throws dev.tangents.error.TangentsException for anything that a message explains
   */
  void run(Configuration configuration, Console console);
}
