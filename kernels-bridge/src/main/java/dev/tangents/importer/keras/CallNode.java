package dev.tangents.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One application of a layer in a Functional network.
 *
 * @param layer index of the layer
 * @param result what it gives
 * @param inputs what it is applied to
 * @param arguments settings of this call
 */
record CallNode(int layer, Tensor result, List<Tensor> inputs, JsonNode arguments) {
  private static final List<String> INPUT_NAMES = List.of("query", "value", "key");

  /**
   * A value of the network: a result of one application of a layer.
   *
   * @param layer name of the layer
   * @param node which application
   * @param output which result
   */
  record Tensor(String layer, int node, int output) {
    /**
     * Reads {@code [name, node, output]}, and what may follow.
     *
     * @throws TangentsException of category MODEL if it is anything else
     */
    static Tensor of(JsonNode json) {
      if (!is(json)) {
        throw TangentsException.model(
            "expected the name of a layer and two numbers, got %s", Text.shown(json.toString()));
      }
      return new Tensor(json.path(0).asText(), json.path(1).asInt(), json.path(2).asInt());
    }

    private static boolean is(JsonNode json) {
      return json.isArray()
          && json.size() >= 3
          && json.path(0).isTextual()
          && json.path(1).isInt()
          && json.path(2).isInt();
    }

    /** One such triple, or a list of them. */
    static List<Tensor> listOf(JsonNode json) {
      if (is(json)) {
        return List.of(of(json));
      }
      List<Tensor> all = new ArrayList<>();
      json.forEach(element -> all.add(of(element)));
      return all;
    }
  }

  /**
   * Reads an element of a layer's {@code inbound_nodes}: an object with {@code args} and {@code
   * kwargs} in Keras 3, a list of values in Keras 2.
   *
   * @param layer index of the layer
   * @param name its name
   * @param index which of its applications this is
   */
  static CallNode of(int layer, String name, int index, JsonNode json) {
    List<Tensor> inputs = new ArrayList<>();
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    if (json.isObject()) {
      json.path("args").forEach(arg -> positional(arg, inputs));
      named(json.path("kwargs"), inputs, arguments);
    } else {
      Tensor.listOf(json).forEach(inputs::add);
      JsonNode first = Tensor.is(json) ? json : json.path(0);
      named(first.path(3), inputs, arguments);
    }
    return new CallNode(layer, new Tensor(name, index, 0), List.copyOf(inputs), arguments);
  }

  private static void positional(JsonNode arg, List<Tensor> inputs) {
    if (arg.isArray()) {
      arg.forEach(element -> positional(element, inputs));
    } else if (isTensor(arg)) {
      inputs.add(Tensor.of(arg.path("config").path("keras_history")));
    } else if (!arg.isNull()) {
      throw TangentsException.model(
          "it is applied to %s; expected values of the network", Text.shown(arg.toString()));
    }
  }

  private static boolean isTensor(JsonNode arg) {
    return arg.path("class_name").asText().equals("__keras_tensor__");
  }

  /** Inputs by name, value before key as a call without names has them; and settings. */
  private static void named(JsonNode kwargs, List<Tensor> inputs, ObjectNode arguments) {
    for (String input : INPUT_NAMES) {
      JsonNode arg = kwargs.path(input);
      if (isTensor(arg)) {
        inputs.add(Tensor.of(arg.path("config").path("keras_history")));
      } else if (Tensor.is(arg)) {
        inputs.add(Tensor.of(arg));
      }
    }
    for (Map.Entry<String, JsonNode> entry : kwargs.properties()) {
      JsonNode value = entry.getValue();
      boolean input = INPUT_NAMES.contains(entry.getKey());
      boolean empty = value.isNull() || (value.isBoolean() && !value.asBoolean());
      if (entry.getKey().equals("use_causal_mask")) {
        arguments.set(entry.getKey(), value);
      } else if (!input && !empty) {
        throw TangentsException.model(
            "it is applied with %s = %s, which is not supported",
            Text.shown(entry.getKey()), Text.shown(value.toString()));
      }
    }
  }
}
