package dev.tangents.udfs.function;

import dev.tangents.error.TangentsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;

/**
 * The arguments of a call in the order of one of the function's forms, where some were given by
 * name: {@code tangents_predict(x => features, model => 'm.onnx')}.
 */
public final class NamedArguments {
  private static final String OPTIONS = Argument.OPTIONS.label();

  private final SqlFunction<?> function;
  private final List<Expression> placed = new ArrayList<>();
  private final Map<String, Expression> named = new LinkedHashMap<>();

  private NamedArguments(SqlFunction<?> function, List<Expression> given) {
    this.function = function;
    given.forEach(this::add);
  }

  /**
   * The arguments without their names.
   *
   * @throws TangentsException of category USER if no form has arguments of these names
   */
  public static List<Expression> inOrder(SqlFunction<?> function, List<Expression> given) {
    NamedArguments arguments = new NamedArguments(function, given);
    return arguments.named.isEmpty() ? given : arguments.inOrder();
  }

  private void add(Expression argument) {
    if (argument instanceof NamedArgumentExpression pair) {
      if (named.put(pair.key().toLowerCase(Locale.ROOT), pair.value()) != null) {
        throw TangentsException.user(
            "%s: expected each argument once, got %s twice", function.name(), pair.key());
      }
    } else if (named.isEmpty()) {
      placed.add(argument);
    } else {
      throw TangentsException.user(
          "%s: expected arguments with names behind those without, got %s behind %s",
          function.name(), argument.sql(), String.join(", ", named.keySet()));
    }
  }

  private List<Expression> inOrder() {
    return function.forms().stream()
        .map(this::behindPlaced)
        .flatMap(Optional::stream)
        .filter(names -> Set.copyOf(names).equals(named.keySet()))
        .findFirst()
        .map(this::all)
        .orElseThrow(
            () ->
                TangentsException.user(
                    "%s: expected %s, got %d without a name and %s",
                    function.name(),
                    function.forms().stream()
                        .map(form -> function.name() + form)
                        .collect(Collectors.joining(" or ")),
                    placed.size(),
                    String.join(", ", named.keySet())));
  }

  /** What a form takes behind the arguments without names; empty if it has not so many. */
  private Optional<List<String>> behindPlaced(Form<?> form) {
    List<String> names = new ArrayList<>(form.arguments().stream().map(Argument::label).toList());
    if (named.containsKey(OPTIONS)) {
      names.add(OPTIONS);
    }
    return placed.size() > names.size()
        ? Optional.empty()
        : Optional.of(names.subList(placed.size(), names.size()));
  }

  private List<Expression> all(List<String> names) {
    List<Expression> all = new ArrayList<>(placed);
    names.forEach(name -> all.add(named.get(name)));
    return all;
  }
}
