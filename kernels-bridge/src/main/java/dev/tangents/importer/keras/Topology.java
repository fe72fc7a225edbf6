package dev.tangents.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How the layers of a network are put together.
 *
 * @param model the network as JSON
 * @param layers its layers as JSON
 * @param calls applications of layers, each after those that it needs
 * @param inputs its inputs
 * @param output its output
 */
record Topology(
    JsonNode model,
    List<JsonNode> layers,
    List<CallNode> calls,
    List<CallNode.Tensor> inputs,
    CallNode.Tensor output) {
  private static final int MOST_LAYERS = 10_000;
  private static final Set<String> NETWORKS = Set.of("Sequential", "Functional", "Model");

  /** Whether a class is a network of layers. */
  static boolean isNetwork(String type) {
    return NETWORKS.contains(type);
  }

  /**
   * Reads a network.
   *
   * @throws TangentsException of category MODEL if it is neither Sequential nor Functional, has not
   *     one output, or its layers depend on each other
   */
  static Topology of(JsonNode model) {
    String type = model.path("class_name").asText();
    JsonNode config = model.path("config");
    // Before Keras 2.2.3 a Sequential was the list of its layers.
    JsonNode list = config.isArray() ? config : config.path("layers");
    if (!isNetwork(type) || !list.isArray()) {
      throw TangentsException.model(
          "a network of class '%s'; expected Sequential or Functional. A subclassed model is code, which the"
              + " file does not have",
          Text.shown(type));
    }
    if (list.size() > MOST_LAYERS) {
      throw TangentsException.model("%d layers; expected at most %d", list.size(), MOST_LAYERS);
    }
    List<JsonNode> layers = new ArrayList<>();
    list.forEach(layers::add);
    return type.equals("Sequential") ? sequential(model, layers) : functional(model, layers);
  }

  private static Topology sequential(JsonNode model, List<JsonNode> layers) {
    CallNode.Tensor input = new CallNode.Tensor("", 0, 0);
    CallNode.Tensor previous = input;
    List<CallNode> calls = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      if (isInput(layers.get(i))) {
        continue;
      }
      String name = layers.get(i).path("config").path("name").asText();
      CallNode.Tensor result = new CallNode.Tensor(name, i, 0);
      calls.add(new CallNode(i, result, List.of(previous), JsonNodeFactory.instance.objectNode()));
      previous = result;
    }
    return new Topology(model, layers, calls, List.of(input), previous);
  }

  private static Topology functional(JsonNode model, List<JsonNode> layers) {
    JsonNode config = model.path("config");
    List<CallNode.Tensor> outputs = CallNode.Tensor.listOf(config.path("output_layers"));
    if (outputs.size() != 1) {
      throw TangentsException.model(
          "expected one output, got %d. Save the model with the one whose derivatives are wanted",
          outputs.size());
    }
    List<CallNode> pending = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      if (isInput(layers.get(i))) {
        continue;
      }
      JsonNode layer = layers.get(i);
      String name = layer.path("name").asText(layer.path("config").path("name").asText());
      JsonNode nodes = layer.path("inbound_nodes");
      for (int n = 0; n < nodes.size(); n++) {
        try {
          pending.add(CallNode.of(i, name, n, nodes.get(n)));
        } catch (TangentsException e) {
          throw e.within(
              "layer '%s' (%s)"
                  .formatted(Text.shown(name), Text.shown(layer.path("class_name").asText())));
        }
      }
    }
    List<CallNode.Tensor> inputs = CallNode.Tensor.listOf(config.path("input_layers"));
    return new Topology(model, layers, sorted(pending, inputs), inputs, outputs.get(0));
  }

  /** Takes what has all its inputs, over and over, as Keras does: the file's order may be any. */
  private static List<CallNode> sorted(List<CallNode> calls, List<CallNode.Tensor> inputs) {
    Set<CallNode.Tensor> known = new HashSet<>(inputs);
    List<CallNode> pending = new ArrayList<>(calls);
    List<CallNode> sorted = new ArrayList<>();
    boolean found = true;
    while (found) {
      found = false;
      for (Iterator<CallNode> each = pending.iterator(); each.hasNext(); ) {
        CallNode call = each.next();
        if (known.containsAll(call.inputs())) {
          each.remove();
          sorted.add(call);
          known.add(call.result());
          found = true;
        }
      }
    }
    if (!pending.isEmpty()) {
      CallNode stuck = pending.get(0);
      throw TangentsException.model(
          "layer '%s' needs values that no layer gives, or that depend on it",
          Text.shown(stuck.result().layer()));
    }
    return sorted;
  }

  private static boolean isInput(JsonNode layer) {
    return layer.path("class_name").asText().equals("InputLayer");
  }

  /**
   * Checks the number of inputs.
   *
   * @throws TangentsException of category MODEL if it is another
   */
  void requireInputs(int count) {
    if (inputs.size() != count) {
      throw TangentsException.model("it is applied to %d inputs, and has %d", count, inputs.size());
    }
  }

  /** The shape of one sample of the only input. */
  Shape inputShape() {
    if (inputs.size() != 1) {
      throw TangentsException.model(
          "expected one input, got %d. Save the model with the others fixed", inputs.size());
    }
    JsonNode batch = model.path("config").path("build_input_shape");
    for (JsonNode layer : layers) {
      JsonNode config = layer.path("config");
      boolean stated = config.has("batch_shape") || config.has("batch_input_shape");
      if (stated) {
        batch =
            config.has("batch_shape")
                ? config.path("batch_shape")
                : config.path("batch_input_shape");
        break;
      }
    }
    if (!batch.isArray() || batch.isEmpty()) {
      throw TangentsException.model(
          "the shape of its input is not in the file. Save the model with keras.Input(shape)");
    }
    Shape shape = Shape.scalar();
    for (int i = 1; i < batch.size(); i++) {
      if (!batch.get(i).canConvertToInt() || !batch.get(i).isIntegralNumber()) {
        throw TangentsException.model(
            "axis %d of its input %s is open; every axis but the first must have a fixed size",
            i, Text.shown(batch.toString()));
      }
      shape = shape.insert(i - 1, batch.get(i).asLong());
    }
    return shape;
  }

  /**
   * Whether the input is of token ids: all that is applied to it is an embedding. Its dtype does
   * not tell, since Keras lets an embedding take floats, and images be integers.
   */
  boolean takesTokens() {
    List<CallNode> readers =
        calls.stream().filter(call -> call.inputs().contains(inputs.get(0))).toList();
    return !readers.isEmpty()
        && readers.stream()
            .allMatch(
                call -> layers.get(call.layer()).path("class_name").asText().equals("Embedding"));
  }

  /** Name of the group of layer {@code index} in Keras 3's format: its class, numbered. */
  String folder(int index) {
    Map<String, Integer> count = new HashMap<>();
    boolean sequential = model.path("class_name").asText().equals("Sequential");
    String folder = "";
    for (int i = 0; i <= index; i++) {
      // A Sequential does not count its input among its layers.
      if (sequential && isInput(layers.get(i))) {
        continue;
      }
      folder = snakeCase(layers.get(i).path("class_name").asText());
      int before = count.merge(folder, 1, Integer::sum) - 1;
      folder = before == 0 ? folder : folder + "_" + before;
    }
    return folder;
  }

  /** Keras's own rule: MaxPooling2D becomes max_pooling2d, PReLU p_re_lu. */
  private static String snakeCase(String name) {
    String words = name.replaceAll("\\W+", "").replaceAll("(.)([A-Z][a-z]+)", "$1_$2");
    return words.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
