package dev.tangents.importer.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads {@code configuration.json} as a tree. Class names in it are compared with a list and never
 * loaded. All layers that cannot be imported are collected into one message.
 */
final class LayerReader {
  static final String LAYER_PACKAGE = "org.deeplearning4j.nn.conf.layers.";
  private static final int MOST_WIDTH = 1 << 28;

  private final List<String> problems = new ArrayList<>();
  private final List<Dl4jLayer> layers = new ArrayList<>();

  /** Whether the layers read so far give images. */
  private boolean images;

  private LayerReader() {}

  /**
   * The layers of a network.
   *
   * @throws TangentsException of category MODEL naming every layer that cannot be imported
   */
  static List<Dl4jLayer> read(JsonNode configuration) {
    if (configuration.has("vertices")) {
      throw TangentsException.model(
          "a Deeplearning4j ComputationGraph; only a MultiLayerNetwork can be imported. Rebuild it as one if"
              + " its layers form a chain");
    }
    JsonNode confs = configuration.path("confs");
    if (!confs.isArray() || confs.isEmpty()) {
      throw TangentsException.model(
          "configuration.json: expected a MultiLayerNetwork with an array 'confs' of layers, got %s",
          confs.getNodeType());
    }
    LayerReader reader = new LayerReader();
    JsonNode processors = configuration.path("inputPreProcessors");
    for (int i = 0; i < confs.size(); i++) {
      reader.readLayer(i, confs.get(i).path("layer"), processors.path(String.valueOf(i)));
    }
    reader.requireNoProblems();
    return reader.layers;
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

  private void readLayer(int index, JsonNode json, JsonNode processor) {
    String where = "layer " + index + " '" + Text.shown(json.path("layerName").asText("")) + "': ";
    try {
      Shape shape = null;
      if (processor.isObject()) {
        if (!ImageReader.isKnown(processor)) {
          throw new Dl4jActivations.Unsupported(
              "input preprocessor " + Text.shown(simpleName(processor)));
        }
        shape = ImageReader.shape(processor);
        images = ImageReader.isImage(processor);
      }
      Dl4jLayer layer = layer(json);
      requireImages(layer, json);
      images &= !(layer instanceof ImageLayer.GlobalPool);
      layers.add(shape == null ? layer : new Dl4jLayer.Reshaped(layer, shape));
    } catch (Dl4jActivations.Unsupported e) {
      problems.add(where + e.getMessage());
    }
  }

  private void requireImages(Dl4jLayer layer, JsonNode json) throws Dl4jActivations.Unsupported {
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
