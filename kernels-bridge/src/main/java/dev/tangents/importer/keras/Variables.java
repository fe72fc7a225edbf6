package dev.tangents.importer.keras;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables of one layer, handed out in the order in which Keras lists them; a layer that is
 * called again finds those of its first call. Mutable.
 */
final class Variables {
  private final String layer;
  private final GraphBuilder graph;
  private final List<Literal> arrays;
  private final boolean trainable;
  private final Map<String, Literal> weights;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Literal> fixed = new HashMap<>();
  private int next;

  /**
   * The variables of a layer.
   *
   * @param layer its name, with those of the networks that it is part of
   * @param arrays its arrays, in Keras's order
   * @param trainable whether they are parameters of the network
   * @param weights where parameters are noted down
   */
  Variables(
      String layer,
      GraphBuilder graph,
      List<Literal> arrays,
      boolean trainable,
      Map<String, Literal> weights) {
    this.layer = layer;
    this.graph = graph;
    this.arrays = arrays;
    this.trainable = trainable;
    this.weights = weights;
  }

  /**
   * The next variable as {@code LAYER/name}, a parameter unless the layer is frozen.
   *
   * @throws TangentsException of category MODEL if there is none of that shape
   */
  Value trained(String name, Shape shape) {
    if (values.containsKey(name)) {
      return values.get(name);
    }
    Literal literal = take(name, shape);
    String full = layer + "/" + name;
    Value value;
    if (trainable) {
      value = graph.parameter(full, literal.type());
      weights.put(full, literal);
    } else {
      Weights.of(Map.of(full, literal)); // checks that every number is finite
      value = graph.constant(literal);
    }
    values.put(name, value);
    return value;
  }

  /** The next variable as numbers that are not trained, such as moving statistics. */
  Literal untrained(String name, Shape shape) {
    if (!fixed.containsKey(name)) {
      Literal literal = take(name, shape);
      Weights.of(Map.of(layer + "/" + name, literal)); // checks that every number is finite
      fixed.put(name, literal);
    }
    return fixed.get(name);
  }

  /** Passes over the next array, which has no meaning at inference, if there is one. */
  void skip(String name) {
    if (next < arrays.size() && !fixed.containsKey(name)) {
      fixed.put(name, arrays.get(next++));
    }
  }

  /**
   * Checks that no array is left: one that the layer has and its rule does not know would be lost.
   */
  void requireAllTaken() {
    if (next != arrays.size()) {
      throw TangentsException.model(
          "it has %d arrays, of which %d are understood", arrays.size(), next);
    }
  }

  private Literal take(String name, Shape shape) {
    if (next == arrays.size()) {
      throw TangentsException.model("the file has no array for its variable '%s'", name);
    }
    Literal literal = arrays.get(next++);
    if (!literal.type().shape().equals(shape)) {
      throw TangentsException.model(
          "variable '%s': expected shape %s, the file has %s", name, shape, literal.type().shape());
    }
    return literal;
  }
}
