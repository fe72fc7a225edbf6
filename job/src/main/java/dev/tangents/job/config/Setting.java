package dev.tangents.job.config;

import dev.tangents.error.TangentsException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting: what it is called, what it means, what it may be. Immutable. The key is the flag
 * without its dashes.
 *
 * @param <T> type of its value
 */
public final class Setting<T> {
  private final String key;
  private final String label;
  private final String description;
  private final Function<String, T> parser;
  private final Optional<String> standard;
  private final boolean shapesResult;
  private final boolean several;

  private Setting(
      String key,
      String label,
      String description,
      Function<String, T> parser,
      Optional<String> standard,
      boolean shapesResult,
      boolean several) {
    this.key = Objects.requireNonNull(key);
    this.label = label;
    this.description = description;
    this.parser = parser;
    this.standard = standard;
    this.shapesResult = shapesResult;
    this.several = several;
  }

  /** Any text, with no default. */
  public static Setting<String> text(String key, String label, String description) {
    return new Setting<>(key, label, description, text -> text, Optional.empty(), false, false);
  }

  /** A path, with no default. */
  public static Setting<String> path(String key, String description) {
    return new Setting<>(
        key, "PATH", description, Setting::parsePath, Optional.empty(), false, false);
  }

  /** A value that {@code parser} makes of any text or refuses with a message of its own. */
  public static <T> Setting<T> parsed(
      String key, String label, Function<String, T> parser, String description) {
    return new Setting<>(key, label, description, parser, Optional.empty(), false, false);
  }

  /** True or false, false by default. */
  public static Setting<Boolean> flag(String key, String description) {
    return new Setting<>(
        key, "", description, Setting::parseFlag, Optional.of("false"), false, false);
  }

  /** A whole number of at least {@code least}. */
  public static Setting<Long> count(String key, long least, String description) {
    return count(key, least, Long.MAX_VALUE, description);
  }

  /** A whole number from {@code least} to {@code most}. */
  public static Setting<Long> count(String key, long least, long most, String description) {
    return new Setting<>(
        key,
        "N",
        description,
        text -> parseCount(text, least, most),
        Optional.empty(),
        false,
        false);
  }

  /** A finite number. */
  public static Setting<Double> number(String key, String description) {
    return new Setting<>(
        key, "X", description, Setting::parseNumber, Optional.empty(), false, false);
  }

  /** One of the constants of an enum, named in kebab case. */
  public static <E extends Enum<E>> Setting<E> choice(
      String key, Class<E> type, String description) {
    return choice(key, type, Setting::kebab, description);
  }

  /** One of the constants of an enum, named otherwise. */
  public static <E extends Enum<E>> Setting<E> choice(
      String key, Class<E> type, Function<? super E, String> namer, String description) {
    Map<String, E> constants = new LinkedHashMap<>();
    Arrays.stream(type.getEnumConstants())
        .forEach(constant -> constants.put(namer.apply(constant), constant));
    return new Setting<>(
        key,
        String.join("|", constants.keySet()),
        description,
        text -> parseChoice(text, constants),
        Optional.empty(),
        false,
        false);
  }

  /** This setting with a default. */
  public Setting<T> or(String value) {
    Objects.requireNonNull(parser.apply(value));
    return new Setting<>(
        key, label, description, parser, Optional.of(value), shapesResult, several);
  }

  /**
   * This setting, marked as one that changes the numbers of a result or the bytes of its files;
   * such settings are hashed.
   */
  public Setting<T> shapingTheResult() {
    return new Setting<>(key, label, description, parser, standard, true, several);
  }

  /**
   * This setting as a list: its flag may be given several times, and the values are joined by
   * commas.
   */
  public Setting<T> repeatable() {
    return new Setting<>(key, label, description, parser, standard, shapesResult, true);
  }

  /** Name in a file; {@code --key} on the command line, {@code spark.tangents.key} in Spark. */
  public String key() {
    return key;
  }

  /** Placeholder of the value in a usage text; empty for a flag. */
  public String label() {
    return label;
  }

  /** What it means, for the user. */
  public String description() {
    return description;
  }

  /** The value if none is given, as text; empty if there is none. */
  public Optional<String> standard() {
    return standard;
  }

  /** Whether the value is true or false, so that the flag takes no argument. */
  public boolean isFlag() {
    return label.isEmpty();
  }

  /** Whether the flag may be given several times. */
  public boolean isRepeatable() {
    return several;
  }

  /** Whether the numbers of a result or the bytes of its files depend on it. */
  public boolean shapesResult() {
    return shapesResult;
  }

  /**
   * The value that {@code text} stands for.
   *
   * @param origin where the text comes from, for the message
   * @throws TangentsException of category USER if it is not allowed
   */
  public T parse(String text, String origin) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw TangentsException.user(
              "%s: expected %s, got '%s' (%s)", key, e.getMessage(), text, origin)
          .causedBy(e);
    }
  }

  /** A constant's name as users write it: {@code PER_OUTPUT} is {@code per-output}. */
  public static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String parsePath(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a path, which is not empty");
    }
    return text;
  }

  private static Boolean parseFlag(String text) {
    if (!List.of("true", "false").contains(text)) {
      throw new IllegalArgumentException("true or false");
    }
    return Boolean.valueOf(text);
  }

  private static Long parseCount(String text, long least, long most) {
    String rule =
        most == Long.MAX_VALUE
            ? "a whole number of at least " + least
            : "a whole number from " + least + " to " + most;
    try {
      long value = Long.parseLong(text.strip());
      if (value < least || value > most) {
        throw new IllegalArgumentException(rule);
      }
      return value;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(rule, e);
    }
  }

  private static Double parseNumber(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a finite number");
      }
      return value;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a finite number", e);
    }
  }

  private static <E> E parseChoice(String text, Map<String, E> constants) {
    if (constants.containsKey(text)) {
      return constants.get(text);
    }
    List<String> names = List.copyOf(constants.keySet());
    throw new IllegalArgumentException(
        "one of "
            + String.join(", ", names)
            + Nearest.to(text, names).map(near -> " (did you mean " + near + "?)").orElse(""));
  }
}
