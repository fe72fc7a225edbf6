package dev.tangents.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A configuration file in HOCON: the keys of {@link Settings} at the top level. A list is the same
 * as its elements joined by commas. Includes are not followed: a run's configuration is one file.
 */
public final class ConfigFile {
  private ConfigFile() {}

  /**
   * Reads the file's values.
   *
   * @param name its path, for messages and origins
   * @throws TangentsException of category USER if it is not HOCON, or a value is an object or null
   */
  public static Layer read(String name, Reader reader) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(name)
            .setIncluder(new NoIncludes(name));
    try {
      Config config = ConfigFactory.parseReader(reader, options).resolve();
      Map<String, Value> values = new LinkedHashMap<>();
      config
          .root()
          .forEach(
              (key, value) -> {
                String origin = name + " line " + value.origin().lineNumber();
                values.put(key, new Value(text(key, value, origin), origin));
              });
      return new Layer(values);
    } catch (ConfigException e) {
      throw TangentsException.user(
              "Configuration file %s: %s. The form is HOCON: one 'key = value' a line",
              name, e.getMessage())
          .causedBy(e);
    }
  }

  private static String text(String key, ConfigValue value, String origin) {
    if (value instanceof ConfigList list) {
      return list.stream().map(item -> text(key, item, origin)).collect(Collectors.joining(","));
    }
    if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.NULL) {
      String near =
          Nearest.to(key, Settings.all().stream().map(Setting::key).toList())
              .orElse(Settings.MICRO_BATCH.key());
      throw TangentsException.user(
          "%s: expected a text, a number, true or false, got %s (%s). Keys are flat, such as %s",
          key, value.valueType().name().toLowerCase(Locale.ROOT), origin, near);
    }
    return String.valueOf(value.unwrapped());
  }

  /** Refuses every include. */
  private record NoIncludes(String name) implements ConfigIncluder {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw TangentsException.user(
          "Configuration file %s: include \"%s\" is not supported. Write all keys into one file",
          name, what);
    }
  }
}
