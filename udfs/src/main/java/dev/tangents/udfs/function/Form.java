package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One way to call a function.
 *
 * @param arguments what it takes; behind them options may stand
 * @param quantity what is computed
 * @param result what that becomes
 * @param <R> kind of result
 */
public record Form<R extends Serializable>(List<Argument> arguments, Quantity quantity, R result)
    implements Serializable {
  /** Copies the list. */
  public Form {
    arguments = List.copyOf(arguments);
  }

  /** Whether it can be called with so many arguments. */
  boolean takes(int count) {
    return count == arguments.size() || count == arguments.size() + 1;
  }

  /** The argument at a place, options behind the last. */
  public Argument argument(int place) {
    return place < arguments.size() ? arguments.get(place) : Argument.OPTIONS;
  }

  /** The arguments as a usage text shows them. */
  @Override
  public String toString() {
    return arguments.stream().map(Argument::label).collect(Collectors.joining(", ", "(", ""))
        + "[, options])";
  }
}
