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
  /** A comma belongs to a value unless a key follows it. */
  private static final Pattern SEPARATOR =
      Pattern.compile(",(?=\\s*(?:" + keys(Arrays.asList(OptionKey.values()), "|") + ")\\s*=)|;");

  /** Copies the map. */
  public Options {
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

  /**
   * These options, checked for a function that is called in a certain way.
   *
   * @throws TangentsException of category USER for a key that it does not take
   */
  Options of(Form<?> form) {
    List<OptionKey> taken = OptionKey.of(form);
    for (String key : values.keySet()) {
      if (OptionKey.named(key).filter(taken::contains).isEmpty()) {
        throw TangentsException.user(
            "options: '%s' is none of this function, which takes %s. Several are separated by commas or semicolons",
            key, keys(taken, ", "));
      }
    }
    return this;
  }

  private static String keys(List<OptionKey> options, String between) {
    return options.stream().map(OptionKey::key).collect(Collectors.joining(between));
  }

  /** The model of that path, read as the options say. */
  public ModelSpec model(String path) {
    ImportOptions read =
        ImportOptions.defaults()
            .withOutput(output())
            .withTies(has(OptionKey.TIE) ? Tie.parse(values.get(OptionKey.TIE.key())) : List.of())
            .withBatchAxes(
                has(OptionKey.BATCH_AXIS)
                    ? BatchAxes.parse(values.get(OptionKey.BATCH_AXIS.key()))
                    : BatchAxes.first())
            .withTrained(
                has(OptionKey.TRAINED)
                    ? Selections.patterns(values.get(OptionKey.TRAINED.key()))
                    : List.of());
    String selected = values.get(OptionKey.SELECT_OUTPUTS.key());
    return new ModelSpec(path, read, selected == null ? List.of() : Selections.outputs(selected));
  }

  private ModelOutput output() {
    String text = values.get(OptionKey.MODEL_OUTPUT.key());
    return text == null ? ModelOutput.OUTPUT : ModelOutput.of(text.strip());
  }

  /** Patterns of the parameters that are differentiated by. */
  public String parameters() {
    return values.getOrDefault(OptionKey.PARAMS.key(), "*");
  }

  /** What bytes hold. */
  public BinaryType binaryType() {
    return choice(OptionKey.BINARY_TYPE, BinaryType.class, BinaryType.FLOAT);
  }

  /** How a Jacobian by inputs is computed. */
  Mode mode() {
    return choice(OptionKey.MODE, Mode.class, Mode.AUTO);
  }

  /** How a Hessian is computed. */
  Order order() {
    return choice(OptionKey.ORDER, Order.class, Order.FORWARD_OVER_REVERSE);
  }

  /** Where the Huber loss turns into a line. */
  double delta() {
    String text = values.getOrDefault(OptionKey.DELTA.key(), "1");
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

  private boolean has(OptionKey option) {
    return values.containsKey(option.key());
  }

  private <E extends Enum<E>> E choice(OptionKey option, Class<E> type, E standard) {
    String text = values.get(option.key());
    return text == null ? standard : choice("options: " + option.key(), type, text);
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
                    "%s: expected one of %s, got '%s'", where, names(type), text));
  }

  /** The names of all constants, in kebab case. */
  static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Options::kebab)
        .collect(Collectors.joining(", "));
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
