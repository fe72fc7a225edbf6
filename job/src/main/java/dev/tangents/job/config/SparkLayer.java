package dev.tangents.job.config;

import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings that {@code spark-submit --conf spark.tangents.KEY=VALUE} gives. */
public final class SparkLayer {
  /** What every such key begins with. */
  public static final String PREFIX = "spark.tangents.";

  private SparkLayer() {}

  /** The values among all properties of Spark. */
  public static Layer of(Map<String, String> properties) {
    Map<String, Value> values = new LinkedHashMap<>();
    properties.forEach(
        (key, text) -> {
          if (key.startsWith(PREFIX)) {
            values.put(key.substring(PREFIX.length()), new Value(text, "Spark property " + key));
          }
        });
    return new Layer(values);
  }
}
