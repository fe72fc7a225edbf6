package dev.tangents.importer.mlp;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ActivationTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A random network as asked for: {@code mlp:WIDTHS:ACTIVATION?key=value&...}.
 *
 * @param widths D, the hidden widths, O: at least two numbers, joined by '-'
 * @param activation between layers, a name of {@link ActivationTable}; relu where none is given
 * @param parametrisation {@code param}, default standard
 * @param bias {@code bias}, default true
 * @param seed {@code seed}, default 0
 * @param out {@code out}, the activation after the last layer, default identity
 */
record MlpSpec(
    List<Integer> widths,
    String activation,
    Parametrisation parametrisation,
    boolean bias,
    long seed,
    String out) {
  static final String PREFIX = "mlp:";
  private static final List<String> KEYS = List.of("param", "bias", "seed", "out");

  MlpSpec {
    widths = List.copyOf(widths);
  }

  /** Reads a specification; every fault is of category USER and names the part. */
  static MlpSpec parse(String spec) {
    try {
      return parseBody(spec.substring(PREFIX.length()));
    } catch (TangentsException e) {
      throw e.within("model '" + spec + "'");
    }
  }

  /** P, or 2^61 where it is more than that. */
  long parameterCount() {
    long count = 0;
    for (int i = 0; i + 1 < widths.size(); i++) {
      long layer = (widths.get(i) + (bias ? 1L : 0L)) * widths.get(i + 1);
      count = Math.min(count + layer, 1L << 61);
    }
    return count;
  }

  private static MlpSpec parseBody(String body) {
    int question = body.indexOf('?');
    String head = question < 0 ? body : body.substring(0, question);
    Map<String, String> keys = question < 0 ? Map.of() : parseKeys(body.substring(question + 1));
    int colon = head.indexOf(':');
    List<Integer> widths = parseWidths(colon < 0 ? head : head.substring(0, colon));
    String activation = colon < 0 ? "relu" : head.substring(colon + 1);
    return new MlpSpec(
        widths,
        requireActivation("activation", activation),
        Parametrisation.of(keys.getOrDefault("param", "standard")),
        parseBoolean("bias", keys.getOrDefault("bias", "true")),
        parseSeed(keys.getOrDefault("seed", "0")),
        requireActivation("out", keys.getOrDefault("out", "identity")));
  }

  private static Map<String, String> parseKeys(String text) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 0 || !KEYS.contains(key)) {
        throw TangentsException.user(
            "'%s' after '?': expected key=value with a key of %s", pair, KEYS);
      }
      if (keys.put(key, pair.substring(equals + 1)) != null) {
        throw TangentsException.user("key '%s' is given twice", key);
      }
    }
    return keys;
  }

  private static List<Integer> parseWidths(String text) {
    List<Integer> widths =
        Stream.of(text.split("-", -1)).map(part -> parseWidth(part, text)).toList();
    if (widths.size() < 2) {
      throw TangentsException.user(
          "widths '%s': expected at least inputs and outputs, such as 784-1024-1", text);
    }
    return widths;
  }

  private static int parseWidth(String part, String all) {
    // Digits only: Integer.parseInt would also take '+5' and digits of other scripts.
    if (part.matches("[0-9]{1,9}") && Integer.parseInt(part) > 0) {
      return Integer.parseInt(part);
    }
    throw TangentsException.user(
        "widths '%s': '%s' is not a number from 1 to 999999999; expected such as 784-1024-1",
        all, part);
  }

  private static String requireActivation(String what, String name) {
    if (ActivationTable.find(name).isEmpty()) {
      throw TangentsException.user(
          "%s '%s' is not known; expected one of %s", what, name, ActivationTable.names());
    }
    return name;
  }

  private static boolean parseBoolean(String key, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw TangentsException.user("%s=%s: expected true or false", key, value);
    }
    return value.equals("true");
  }

  private static long parseSeed(String value) {
    if (!value.matches("-?[0-9]{1,18}")) {
      throw TangentsException.user("seed=%s: expected an integer of at most 18 digits", value);
    }
    return Long.parseLong(value);
  }
}
