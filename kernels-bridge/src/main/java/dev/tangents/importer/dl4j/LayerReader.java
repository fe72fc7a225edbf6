package dev.tangents.importer.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reads {@code configuration.json} as a tree. Class names in it are compared with a list and never
 * loaded. All layers that cannot be imported are collected into one message.
 */
final class LayerReader {
  static final String LAYER_PACKAGE = "org.deeplearning4j.nn.conf.layers.";
  private static final int MOST_WIDTH = 1 << 28;

  private final List<String> problems = new ArrayList<>();
  private final List<Vertex> vertices = new ArrayList<>();

  /** Names of vertices read so far, and whether they give images. */
  private final Map<String, Boolean> images = new HashMap<>(Map.of(Vertex.INPUT, false));

  private LayerReader() {}

  /**
   * The layers of a network, each after those that it needs, in the order in which their numbers
   * are stored.
   *
   * @throws TangentsException of category MODEL naming every layer that cannot be imported
   */
  static List<Vertex> read(JsonNode configuration) {
    LayerReader reader = new LayerReader();
    if (configuration.has("vertices")) {
      reader.readGraph(configuration);
    } else {
      reader.readChain(configuration);
    }
    reader.requireNoProblems();
    return reader.vertices;
  }

  private void readChain(JsonNode configuration) {
    JsonNode confs = configuration.path("confs");
    if (!confs.isArray() || confs.isEmpty()) {
      throw TangentsException.model(
          "configuration.json: expected a MultiLayerNetwork with an array 'confs' of layers, got %s",
          confs.getNodeType());
    }
    JsonNode processors = configuration.path("inputPreProcessors");
    String previous = Vertex.INPUT;
    for (int i = 0; i < confs.size(); i++) {
      JsonNode json = confs.get(i).path("layer");
      String where = "layer " + i + " '" + Text.shown(json.path("layerName").asText("")) + "': ";
      String name = String.valueOf(i);
      readLayer(where, name, previous, json, processors.path(name));
      previous = name;
    }
  }

  private void readGraph(JsonNode configuration) {
    JsonNode inputs = configuration.path("networkInputs");
    JsonNode outputs = configuration.path("networkOutputs");
    JsonNode order = configuration.path("topologicalOrderStr");
    JsonNode json = configuration.path("vertices");
    if (inputs.size() != 1 || outputs.size() != 1) {
      throw TangentsException.model(
          "a ComputationGraph with %d inputs and %d outputs; expected one of each",
          inputs.size(), outputs.size());
    }
    if (order.size() != json.size() + 1) {
      throw TangentsException.model(
          "a ComputationGraph without the order of its vertices; load it with Deeplearning4j 1.0.0-M2.1 and"
              + " save it again");
    }
    String input = inputs.path(0).asText();
    for (JsonNode element : order) {
      String name = element.asText();
      if (name.equals(input)) {
        continue;
      }
      List<String> before = new ArrayList<>();
      for (JsonNode other : configuration.path("vertexInputs").path(name)) {
        before.add(other.asText().equals(input) ? Vertex.INPUT : other.asText());
      }
      if (before.isEmpty() || !images.keySet().containsAll(before) || images.containsKey(name)) {
        throw TangentsException.model(
            "vertex '%s' does not come after its inputs %s; the file was edited",
            Text.shown(name), Text.shown(before.toString()));
      }
      readVertex(name, before, json.path(name));
    }
    if (!images.containsKey(outputs.path(0).asText())) {
      throw TangentsException.model(
          "there is no vertex '%s', the network's output", Text.shown(outputs.path(0).asText()));
    }
  }

  private void readVertex(String name, List<String> before, JsonNode json) {
    String where = "vertex '" + Text.shown(name) + "': ";
    if (Vertex.isLayer(json) && before.size() == 1) {
      readLayer(
          where,
          name,
          before.get(0),
          json.path("layerConf").path("layer"),
          json.path("preProcessor"));
      return;
    }
    try {
      Dl4jLayer nothing = new Dl4jLayer.Elementwise(UnaryOperator.identity());
      vertices.add(new Vertex(name, before, Vertex.merge(json, before.size()), nothing));
    } catch (Dl4jActivations.Unsupported e) {
      problems.add(where + e.getMessage());
    }
    images.put(name, before.stream().anyMatch(images::get));
  }

  private void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw TangentsException.model(
          "%d things of this Deeplearning4j network cannot be imported:%n  %s%n"
              + "Supported are DenseLayer, OutputLayer, LossLayer, ActivationLayer, DropoutLayer,"
              + " BatchNormalization, ConvolutionLayer, SubsamplingLayer and GlobalPoolingLayer over images,"
              + " with the activations %s",
          problems.size(), String.join("\n  ", problems), Dl4jActivations.SUPPORTED);
    }
  }

  private void readLayer(
      String where, String name, String input, JsonNode json, JsonNode processor) {
    boolean over = images.get(input);
    try {
      Shape shape = null;
      if (processor.isObject()) {
        if (!ImageReader.isKnown(processor)) {
          throw new Dl4jActivations.Unsupported(
              "input preprocessor " + Text.shown(simpleName(processor)));
        }
        shape = ImageReader.shape(processor);
        over = ImageReader.isImage(processor);
      }
      Dl4jLayer layer = layer(json);
      requireImages(layer, json, over);
      over &= !(layer instanceof ImageLayer.GlobalPool);
      vertices.add(
          Vertex.of(name, input, shape == null ? layer : new Dl4jLayer.Reshaped(layer, shape)));
    } catch (Dl4jActivations.Unsupported e) {
      problems.add(where + e.getMessage());
    }
    images.put(name, over);
  }

  private static void requireImages(Dl4jLayer layer, JsonNode json, boolean images)
      throws Dl4jActivations.Unsupported {
    if (layer instanceof ImageLayer && !images) {
      throw new Dl4jActivations.Unsupported(
          simpleName(json)
              + " whose images have no extents in the file; build the network with"
              + " InputType.convolutionalFlat(height, width, channels)");
    }
    if (images && layer instanceof Dl4jLayer.Dense) {
      throw new Dl4jActivations.Unsupported(
          simpleName(json) + " over images, with no preprocessor before it");
    }
    String activation = simpleName(json.path("activationFn"));
    if (images && activation.equals("ActivationSoftmax")) {
      throw new Dl4jActivations.Unsupported("activation " + activation + " over images");
    }
  }

  private static Dl4jLayer layer(JsonNode json) throws Dl4jActivations.Unsupported {
    String type = json.path("@class").asText("");
    if (!type.startsWith(LAYER_PACKAGE)) {
      throw new Dl4jActivations.Unsupported(Text.shown(type.isEmpty() ? "no '@class'" : type));
    }
    return switch (type.substring(LAYER_PACKAGE.length())) {
      case "DenseLayer", "OutputLayer" -> dense(json);
      case "ActivationLayer", "LossLayer" -> new Dl4jLayer.Elementwise(activation(json));
      case "DropoutLayer" -> new Dl4jLayer.Elementwise(UnaryOperator.identity());
      case "ConvolutionLayer" -> ImageReader.convolution(json, activation(json));
      case "SubsamplingLayer" -> ImageReader.pooling(json);
      case "GlobalPoolingLayer" -> ImageReader.globalPooling(json);
      case "BatchNormalization" -> batchNorm(json);
      default ->
          throw new Dl4jActivations.Unsupported(Text.shown(type.substring(LAYER_PACKAGE.length())));
    };
  }

  private static Dl4jLayer dense(JsonNode json) throws Dl4jActivations.Unsupported {
    if (json.path("hasLayerNorm").asBoolean(false)) {
      throw new Dl4jActivations.Unsupported("DenseLayer with hasLayerNorm");
    }
    return new Dl4jLayer.Dense(
        width(json, "nin"),
        width(json, "nout"),
        json.path("hasBias").asBoolean(true),
        activation(json));
  }

  private static Dl4jLayer batchNorm(JsonNode json) throws Dl4jActivations.Unsupported {
    return new Dl4jLayer.BatchNorm(
        width(json, "nin"),
        number(json, "eps"),
        json.path("lockGammaBeta").asBoolean(false),
        number(json, "gamma"),
        number(json, "beta"),
        json.path("useLogStd").asBoolean(false));
  }

  private static UnaryOperator<Value> activation(JsonNode json) throws Dl4jActivations.Unsupported {
    return Dl4jActivations.of(json.path("activationFn"));
  }

  private static int width(JsonNode json, String field) throws Dl4jActivations.Unsupported {
    JsonNode node = json.path(field);
    if (!node.canConvertToInt()
        || !node.isIntegralNumber()
        || node.asInt() < 1
        || node.asInt() > MOST_WIDTH) {
      throw new Dl4jActivations.Unsupported(
          simpleName(json)
              + " with "
              + field
              + " = "
              + Text.shown(node.toString())
              + "; expected 1 to "
              + MOST_WIDTH);
    }
    return node.asInt();
  }

  private static double number(JsonNode json, String field) throws Dl4jActivations.Unsupported {
    JsonNode node = json.path(field);
    if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
      throw new Dl4jActivations.Unsupported(
          simpleName(json) + " with " + field + " = " + Text.shown(node.toString()));
    }
    return node.asDouble();
  }

  private static String simpleName(JsonNode json) {
    String type = json.path("@class").asText("without a class");
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
