package dev.tangents.udfs.function;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What DESCRIBE FUNCTION shows of a function, in the form that Spark wants; FUNC is its name. */
public final class Usage {
  private static final String END = "\n  ";

  private final SqlFunction<?> function;

  /** The usage of a function. */
  public Usage(SqlFunction<?> function) {
    this.function = function;
  }

  /** The ways to call it, and what it gives. */
  public String summary() {
    return function.forms().stream().map(form -> "_FUNC_" + form).collect(Collectors.joining(", "))
        + (" - " + function.help().meaning() + ".");
  }

  /** Each argument of any of the ways, and each key of its options. */
  public String arguments() {
    StringBuilder text = new StringBuilder("\n    Arguments:");
    for (Argument argument : Argument.values()) {
      if (argument == Argument.OPTIONS || isTaken(argument)) {
        text.append("\n      * ").append(argument.label()).append(" - ").append(argument.meaning());
      }
    }
    for (OptionKey option : options()) {
      text.append("\n          ").append(option.key()).append(" - ").append(option.meaning());
    }
    return text.append(END).toString();
  }

  /** A call. */
  public String example() {
    return "\n    Examples:\n      > " + function.help().example() + ";" + END;
  }

  /** What else there is to know; empty for nothing. */
  public String note() {
    String details = function.help().details();
    return details.isEmpty() ? "" : "\n    " + details + END;
  }

  private boolean isTaken(Argument argument) {
    return function.forms().stream().anyMatch(form -> form.arguments().contains(argument));
  }

  private List<OptionKey> options() {
    return Arrays.stream(OptionKey.values())
        .filter(key -> function.forms().stream().anyMatch(form -> OptionKey.of(form).contains(key)))
        .toList();
  }
}
