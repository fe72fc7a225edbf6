package dev.tangents.udfs.function;

import dev.tangents.error.TangentsException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A function of SQL. Equal to any other of its name.
 *
 * @param <R> kind of its result
 */
public abstract class SqlFunction<R extends Serializable> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final Help help;
  private final List<Form<R>> forms;

  /**
   * What a user reads of a function.
   *
   * @param meaning what it gives, one sentence
   * @param details more of it
   * @param example a call with its result
   */
  public record Help(String meaning, String details, String example) implements Serializable {}

  /** A function of one or more forms, of different numbers of arguments. */
  SqlFunction(String name, Help help, List<Form<R>> forms) {
    this.name = name;
    this.help = help;
    this.forms = List.copyOf(forms);
  }

  /** The function's name in SQL. */
  public final String name() {
    return name;
  }

  /** What users read of it. */
  public final Help help() {
    return help;
  }

  /** The ways to call it. */
  public final List<Form<R>> forms() {
    return forms;
  }

  /**
   * The form of a call.
   *
   * @throws TangentsException of category USER if none has so many arguments
   */
  public final Form<R> form(int arguments) {
    return forms.stream()
        .filter(form -> form.takes(arguments))
        .findFirst()
        .orElseThrow(
            () ->
                TangentsException.user(
                    "%s: expected %s, got %d %s",
                    name,
                    forms.stream().map(form -> name + form).collect(Collectors.joining(" or ")),
                    arguments,
                    arguments == 1 ? "argument" : "arguments"));
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof SqlFunction<?> function && name.equals(function.name);
  }

  @Override
  public final int hashCode() {
    return name.hashCode();
  }
}
