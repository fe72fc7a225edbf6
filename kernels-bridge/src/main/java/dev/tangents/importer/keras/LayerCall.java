package dev.tangents.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A layer where it is applied: its settings, what it is applied to, its variables.
 *
 * @param type its class
 * @param config its settings
 * @param arguments settings of this call alone, such as {@code use_causal_mask}
 * @param inputs values for one sample, without the batch axis
 * @param variables its variables
 * @param scope what stands before the name of a variable, such as {@code dense_1/} in a wrapper
 * @param major version of Keras, 2 or 3
 * @param plain whether its activation is to be left out
 */
record LayerCall(
    String type,
    JsonNode config,
    JsonNode arguments,
    List<Value> inputs,
    Variables variables,
    String scope,
    int major,
    boolean plain) {

  /** The only input. */
  Value input() {
    if (inputs.size() != 1) {
      throw TangentsException.model("it has %d inputs; expected one", inputs.size());
    }
    return inputs.get(0);
  }

  /**
   * A layer of Keras's own inside of this one, by its settings.
   *
   * @throws TangentsException of category MODEL if its code is not in the file, or it is frozen and
   *     this one is not
   */
  LayerCall inner(JsonNode layer, String name) {
    NetworkReader.requireKnown(layer);
    boolean frozen = !layer.path("config").path("trainable").asBoolean(true);
    if (frozen && flag("trainable", true)) {
      throw TangentsException.model(
          "setting 'trainable' of the layer '%s' in it is false. Set it for the whole layer",
          Text.shown(name));
    }
    return new LayerCall(
        layer.path("class_name").asText(),
        layer.path("config"),
        arguments,
        inputs,
        variables,
        scope + name + "/",
        major,
        plain);
  }

  /** The next variable, of the given extents. */
  Value trained(String name, long... dims) {
    return variables.trained(scope + name, Shape.of(dims));
  }

  /** The next variable as numbers that are not trained. */
  Literal untrained(String name, long... dims) {
    return variables.untrained(scope + name, Shape.of(dims));
  }

  /** The setting {@code activation} applied to x, unless the value before it is wanted. */
  Value activated(Value x) {
    UnaryOperator<Value> activation = KerasActivations.of(config.path("activation"), major);
    return plain ? x : activation.apply(x);
  }

  /** Whether a setting is given and not null. */
  boolean has(String key) {
    return config.hasNonNull(key);
  }

  /** A setting that is true or false. */
  boolean flag(String key, boolean otherwise) {
    return config.path(key).asBoolean(otherwise);
  }

  /** A setting that is a text. */
  String text(String key, String otherwise) {
    return has(key) ? config.path(key).asText() : otherwise;
  }

  /** A setting that is a number. */
  double number(String key, double otherwise) {
    JsonNode node = config.path(key);
    if (!has(key)) {
      return otherwise;
    }
    // Keras writes a NumPy scalar or array as an object with its value.
    JsonNode plainNode = node.isObject() ? node.path("config").path("value") : node;
    if (!plainNode.isNumber() || !Double.isFinite(plainNode.asDouble())) {
      throw unfit(key, "a number");
    }
    return plainNode.asDouble();
  }

  /** A setting that is a whole number. */
  long integer(String key) {
    if (!config.path(key).isIntegralNumber() || !config.path(key).canConvertToInt()) {
      throw unfit(key, "a whole number");
    }
    return config.path(key).asLong();
  }

  /** A setting that is a whole number. */
  long integer(String key, long otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  /** A setting of {@code count} whole numbers, or one that stands for all of them. */
  List<Long> integers(String key, int count) {
    JsonNode node = config.path(key);
    if (node.isArray() && node.size() == count) {
      return integers(key);
    }
    if (node.isArray()) {
      throw unfit(key, count + " numbers");
    }
    return Collections.nCopies(count, integer(key));
  }

  /** A setting of whole numbers, or of one. */
  List<Long> integers(String key) {
    JsonNode node = config.path(key);
    if (!node.isArray()) {
      return List.of(integer(key));
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isIntegralNumber() || !element.canConvertToInt()) {
        throw unfit(key, "whole numbers");
      }
      numbers.add(element.asLong());
    }
    return numbers;
  }

  /** The axes of the sample that a setting names, where axis 0 is the batch; from 0 on, sorted. */
  List<Integer> axes(String key, Shape sample) {
    List<Long> stated = has(key) ? integers(key) : List.of(-1L);
    return stated.stream().map(axis -> axis(axis, sample)).sorted().distinct().toList();
  }

  /** The axis of the sample for an axis that counts the batch, or counts from the end. */
  static int axis(long stated, Shape sample) {
    if (stated == 0 || Math.abs(stated) > sample.rank()) {
      throw TangentsException.model(
          "axis %d; expected one of the %d axes of a sample, 1 to %d or from the end",
          stated, sample.rank(), sample.rank());
    }
    return (int) (stated > 0 ? stated - 1 : sample.rank() + stated);
  }

  /** The only axis that a setting names. */
  int axis(String key, Shape sample) {
    List<Integer> axes = axes(key, sample);
    if (axes.size() != 1) {
      throw unfit(key, "one axis");
    }
    return axes.get(0);
  }

  /** Refuses a setting other than null and false: its meaning would be lost. */
  void requireAbsent(String key) {
    JsonNode node = config.path(key);
    boolean off = node.isBoolean() && !node.asBoolean();
    if (has(key) && !off) {
      throw TangentsException.model(
          "setting '%s' is %s, which is not supported", key, Text.shown(node.toString()));
    }
  }

  /** The failure of a setting that is not what it should be. */
  TangentsException unfit(String key, String expected) {
    return TangentsException.model(
        "setting '%s' is %s; expected %s", key, Text.shown(config.path(key).toString()), expected);
  }
}
