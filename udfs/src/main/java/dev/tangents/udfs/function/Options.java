package dev.tangents.udfs.function;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Tie;
import dev.tangents.rows.Mode;
import dev.tangents.rows.Order;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.model.Selections;
import dev.tangents.udfs.sample.BinaryType;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The last argument of a function, under the names that the command line's flags have.
 *
 * @param values by key
 */
public record Options(Map<String, String> values) implements Serializable {
  private static final List<String> KEYS =
      List.of(
          "model-output",
          "select-outputs",
          "params",
          "tie",
          "batch-axis",
          "binary-type",
          "mode",
          "order",
          "delta");

  /** A comma belongs to a value unless a key follows it. */
  private static final Pattern SEPARATOR =
      Pattern.compile(",(?=\\s*(?:" + String.join("|", KEYS) + ")\\s*=)|;");

  /**
   * Checks the keys and keeps their order.
   *
   * @throws TangentsException of category USER for a key that is none
   */
  public Options {
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)) {
        throw TangentsException.user(
            "options: '%s' is none; there are %s. Several are separated by commas or semicolons",
            key, String.join(", ", KEYS));
      }
    }
    values = Map.copyOf(values);
  }

  /** No options. */
  public static Options none() {
    return new Options(Map.of());
  }

  /**
   * Reads {@code key=value, key=value}.
   *
   * @throws TangentsException of category USER for anything else
   */
  public static Options parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : SEPARATOR.split(text, -1)) {
      int equals = part.indexOf('=');
      if (!part.isBlank() && equals < 0) {
        throw TangentsException.user(
            "options: expected key=value pairs such as model-output=logits,params=*weight, got '%s' in '%s'",
            part.strip(), text);
      }
      if (!part.isBlank()) {
        values.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return new Options(values);
  }

  /** The model of that path, read as the options say. */
  public ModelSpec model(String path) {
    ImportOptions read =
        ImportOptions.defaults()
            .withOutput(choice("model-output", ModelOutput.class, ModelOutput.OUTPUT))
            .withTies(values.containsKey("tie") ? Tie.parse(values.get("tie")) : List.of())
            .withBatchAxes(
                values.containsKey("batch-axis")
                    ? BatchAxes.parse(values.get("batch-axis"))
                    : BatchAxes.first());
    String selected = values.get("select-outputs");
    return new ModelSpec(path, read, selected == null ? List.of() : Selections.outputs(selected));
  }

  /** Patterns of the parameters that are differentiated by. */
  public String parameters() {
    return values.getOrDefault("params", "*");
  }

  /** What bytes hold. */
  public BinaryType binaryType() {
    return choice("binary-type", BinaryType.class, BinaryType.FLOAT);
  }

  /** How a Jacobian by inputs is computed. */
  Mode mode() {
    return choice("mode", Mode.class, Mode.AUTO);
  }

  /** How a Hessian is computed. */
  Order order() {
    return choice("order", Order.class, Order.FORWARD_OVER_REVERSE);
  }

  /** Where the Huber loss turns into a line. */
  double delta() {
    String text = values.getOrDefault("delta", "1");
    try {
      double delta = Double.parseDouble(text);
      if (delta > 0 && Double.isFinite(delta)) {
        return delta;
      }
    } catch (NumberFormatException e) {
      throw TangentsException.user("options: delta: expected a number, got '%s'", text).causedBy(e);
    }
    throw TangentsException.user("options: delta: expected a number above 0, got '%s'", text);
  }

  private <E extends Enum<E>> E choice(String key, Class<E> type, E standard) {
    String text = values.get(key);
    return text == null ? standard : choice("options: " + key, type, text);
  }

  /**
   * The constant that a text names, in kebab case.
   *
   * @throws TangentsException of category USER if there is none
   */
  static <E extends Enum<E>> E choice(String where, Class<E> type, String text) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> kebab(constant).equals(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                TangentsException.user(
                    "%s: expected one of %s, got '%s'",
                    where,
                    constants.stream().map(Options::kebab).collect(Collectors.joining(", ")),
                    text));
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
