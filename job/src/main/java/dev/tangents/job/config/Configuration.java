package dev.tangents.job.config;

import dev.tangents.error.TangentsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Resolved settings: each value with its origin. Immutable; every value has been checked. */
public final class Configuration {
  private static final String DEFAULT = "default";

  private final Map<String, Value> values;

  private Configuration(Map<String, Value> values) {
    this.values = values;
  }

  /**
   * A value as it was written.
   *
   * @param text the value
   * @param origin where it was written, such as {@code flag --tile}
   */
  public record Value(String text, String origin) {}

  /**
   * One source of values.
   *
   * @param values by key
   */
  public record Layer(Map<String, Value> values) {
    /** Copies the map. */
    public Layer {
      values = new LinkedHashMap<>(values);
    }
  }

  /**
   * Lays the sources over each other and checks every value.
   *
   * @param layers from the weakest to the strongest; defaults are under all of them
   * @throws TangentsException of category USER for an unknown key, naming the nearest known one, or
   *     a value that is not allowed, naming its origin
   */
  public static Configuration resolve(List<Layer> layers) {
    Map<String, Value> merged = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.all()) {
      setting.standard().ifPresent(text -> merged.put(setting.key(), new Value(text, DEFAULT)));
    }
    List<String> keys = Settings.all().stream().map(Setting::key).toList();
    for (Layer layer : layers) {
      layer.values().forEach((key, value) -> requireKnown(key, value, keys));
      merged.putAll(layer.values());
    }
    Configuration configuration = new Configuration(merged);
    Settings.all().forEach(configuration::find);
    return configuration;
  }

  /**
   * This configuration over an earlier one: what was set here goes before what was used there, and
   * that before defaults.
   *
   * @throws TangentsException of category USER for a value of the earlier one that is not allowed
   *     any more
   */
  public Configuration over(Map<String, Value> earlier) {
    Map<String, Value> set = new LinkedHashMap<>(values);
    set.values().removeIf(value -> value.origin().equals(DEFAULT));
    return resolve(List.of(new Layer(earlier), new Layer(set)));
  }

  /**
   * The value of a setting that must have one.
   *
   * @throws TangentsException of category USER if it has none
   */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(
            () ->
                TangentsException.user(
                    "%s: missing. Give --%s %s, or the key %s in the file of --config",
                    setting.key(), setting.key(), setting.label(), setting.key()));
  }

  /** The value of a setting, empty if it has none. */
  public <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable(values.get(setting.key()))
        .map(value -> setting.parse(value.text(), value.origin()));
  }

  /** Whether nobody has set it. */
  public boolean isDefault(Setting<?> setting) {
    Value value = values.get(setting.key());
    return value == null || value.origin().equals(DEFAULT);
  }

  /** All values that are set, with their origins, in the order of the reference page. */
  public Map<String, Value> values() {
    Map<String, Value> ordered = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.all()) {
      if (values.containsKey(setting.key())) {
        ordered.put(setting.key(), values.get(setting.key()));
      }
    }
    return ordered;
  }

  /** The settings that the numbers of a result depend on; empty texts for those not set. */
  public Map<String, String> shaping() {
    Map<String, String> shaping = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.all()) {
      if (setting.shapesResult()) {
        shaping.put(setting.key(), find(setting).map(String::valueOf).orElse(""));
      }
    }
    return shaping;
  }

  /**
   * SHA-256, in hex, of everything that the numbers of a result depend on: the settings marked so,
   * and what the caller adds (hashes of model and input, sizes that were chosen).
   */
  public String resultHash(Map<String, String> more) {
    StringBuilder text = new StringBuilder();
    shaping().forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    more.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static void requireKnown(String key, Value value, List<String> keys) {
    if (!keys.contains(key)) {
      throw TangentsException.user(
          "%s: unknown setting (%s). %s",
          key,
          value.origin(),
          Nearest.to(key, keys)
              .map(near -> "Did you mean " + near + "?")
              .orElse("'tangents --settings' lists those that there are"));
    }
  }
}
