package dev.tangents.importer.keras;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What a layer of Keras computes, by its class, put together from families. */
final class LayerTable {
  private static final LayerTable STANDARD = new LayerTable();

  private final Map<String, Entry> entries = new TreeMap<>();

  private LayerTable() {
    DenseLayers.register(this);
    ActivationLayers.register(this);
    ShapeLayers.register(this);
    ConvolutionLayers.register(this);
    PoolingLayers.register(this);
    NormalisationLayers.register(this);
    MergeLayers.register(this);
    AttentionLayers.register(this);
    RecurrentLayers.register(this);
  }

  /**
   * A layer's rule.
   *
   * @param parts attributes of the layer whose variables it reads, in this order
   */
  record Entry(Function<LayerCall, Value> rule, List<String> parts) {}

  /** The rule for a class, if it is supported. */
  static Optional<Entry> find(String type) {
    return Optional.ofNullable(STANDARD.entries.get(type));
  }

  /** Adds a layer with its own variables. */
  void add(String type, Function<LayerCall, Value> rule) {
    add(type, rule, List.of(""));
  }

  /** Adds a layer whose variables are those of its parts. */
  void add(String type, Function<LayerCall, Value> rule, List<String> parts) {
    if (entries.put(type, new Entry(rule, parts)) != null) {
      throw TangentsException.internal("Keras: two rules for layer %s", type);
    }
  }
}
