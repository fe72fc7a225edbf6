package dev.tangents.importer.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.nd4j.cuda.Nd4jBackends;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs an imported network in Deeplearning4j itself, to compare outputs. The network is rebuilt
 * from a configuration that holds nothing but checked class names, numbers and flags, and from the
 * numbers that our own reader found: no part of the file reaches Deeplearning4j unchecked.
 */
public final class Dl4jVerifier {
  private static final String IDENTITY = "org.nd4j.linalg.activations.impl.ActivationIdentity";
  private static final String UPDATER = "org.nd4j.linalg.learning.config.NoOp";
  private static final String WEIGHT_INIT = "org.deeplearning4j.nn.weights.WeightInitXavier";
  private static final String LOSS = "org.nd4j.linalg.lossfunctions.impl.LossMSE";

  /** Settings of a layer that are lists of numbers. */
  private static final List<String> SIZES = List.of("kernelSize", "stride", "padding", "dilation");

  private final Function<INDArray, INDArray> network;
  private final DataType type;

  private Dl4jVerifier(Function<INDArray, INDArray> network, DataType type) {
    this.network = network;
    this.type = type;
  }

  /**
   * Reads the archive once more and rebuilds its network.
   *
   * @throws TangentsException of category MODEL as {@link Dl4jImporter#load} does
   */
  public static Dl4jVerifier of(ModelSource source, ImportOptions options) {
    Dl4jNetwork read = Dl4jNetwork.read(source, options.maxBytes());
    boolean logits = options.output().equals(ModelOutput.LOGITS);
    Nd4jBackends.CPU.chooseIfNoneIs();
    INDArray flat = Nd4j.createFromArray(read.coefficients());
    if (read.isGraph()) {
      ObjectNode clean = sanitiseGraph(read.configuration(), logits ? read.output() : "");
      ComputationGraph network =
          new ComputationGraph(ComputationGraphConfiguration.fromJson(clean.toString()));
      DataType type = network.getConfiguration().getDataType();
      network.init(flat.castTo(type).reshape(1, flat.length()), false);
      return new Dl4jVerifier(x -> network.output(x)[0], type);
    }
    ObjectNode clean = sanitise(read.configuration(), logits);
    MultiLayerNetwork network =
        new MultiLayerNetwork(MultiLayerConfiguration.fromJson(clean.toString()));
    DataType type = network.getLayerWiseConfigurations().getDataType();
    network.init(flat.castTo(type).reshape(1, flat.length()), false);
    return new Dl4jVerifier(network::output, type);
  }

  /**
   * The largest |ours - theirs| over all rows and outputs, divided by the largest |theirs|.
   *
   * @param rows samples, N x D
   * @param outputs what the imported model gives for them, N x O
   */
  public double maxRelativeDifference(double[][] rows, double[][] outputs) {
    try (INDArray x = Nd4j.createFromArray(rows).castTo(type);
        INDArray y = network.apply(x)) {
      double[][] expected = y.toDoubleMatrix();
      double difference = 0;
      double largest = 0;
      for (int n = 0; n < expected.length; n++) {
        for (int o = 0; o < expected[n].length; o++) {
          difference = Math.max(difference, Math.abs(outputs[n][o] - expected[n][o]));
          largest = Math.max(largest, Math.abs(expected[n][o]));
        }
      }
      return difference == 0 ? 0 : difference / largest;
    }
  }

  /** Keeps of each layer its class, its activation, and whatever is a number, a flag or a text. */
  private static ObjectNode sanitise(JsonNode configuration, boolean logits) {
    ObjectNode clean = JsonNodeFactory.instance.objectNode();
    ArrayNode confs = clean.putArray("confs");
    clean.set("dataType", configuration.path("dataType"));
    // Our losses differ from the file's on purpose, so their consistency does not matter.
    clean.put("validateOutputLayerConfig", false);
    JsonNode original = configuration.path("confs");
    for (int i = 0; i < original.size(); i++) {
      boolean plain = logits && i + 1 == original.size();
      ObjectNode conf = layerConf(original.get(i), plain);
      confs.add(conf);
    }
    ObjectNode processors = clean.putObject("inputPreProcessors");
    configuration
        .path("inputPreProcessors")
        .properties()
        .forEach(entry -> processors.set(entry.getKey(), scalars(entry.getValue())));
    return clean;
  }

  /**
   * Keeps of a graph its vertices, their order, and what each takes; of layers what {@link
   * #sanitise} keeps.
   */
  private static ObjectNode sanitiseGraph(JsonNode configuration, String plain) {
    ObjectNode clean = scalars(configuration);
    clean.put("validateOutputLayerConfig", false);
    clean.set("defaultConfiguration", scalars(configuration.path("defaultConfiguration")));
    for (String names : List.of("networkInputs", "networkOutputs", "topologicalOrderStr")) {
      clean.set(names, texts(configuration.path(names)));
    }
    ArrayNode order = clean.putArray("topologicalOrder");
    configuration.path("topologicalOrder").forEach(number -> order.add(number.asInt()));
    ObjectNode vertices = clean.putObject("vertices");
    ObjectNode inputs = clean.putObject("vertexInputs");
    for (Map.Entry<String, JsonNode> entry : configuration.path("vertices").properties()) {
      String name = entry.getKey();
      ObjectNode vertex = scalars(entry.getValue());
      if (Vertex.isLayer(entry.getValue())) {
        vertex.set("layerConf", layerConf(entry.getValue().path("layerConf"), name.equals(plain)));
        JsonNode processor = entry.getValue().path("preProcessor");
        vertex.set("preProcessor", processor.isObject() ? scalars(processor) : null);
      }
      vertices.set(name, vertex);
      inputs.set(name, texts(configuration.path("vertexInputs").path(name)));
    }
    return clean;
  }

  private static ArrayNode texts(JsonNode array) {
    ArrayNode copy = JsonNodeFactory.instance.arrayNode();
    array.forEach(element -> copy.add(element.asText()));
    return copy;
  }

  private static ObjectNode layerConf(JsonNode original, boolean plain) {
    ObjectNode conf = scalars(original);
    JsonNode layer = original.path("layer");
    ObjectNode copy = scalars(layer);
    SIZES.forEach(size -> copyNumbers(layer, size, copy));
    if (layer.has("activationFn")) {
      copy.set("activationFn", plain ? typed(IDENTITY) : scalars(layer.path("activationFn")));
    }
    // Not used for output(), but without them the file is taken for one of an older version.
    copy.set("iupdater", typed(UPDATER));
    copy.set("weightInitFn", typed(WEIGHT_INIT));
    if (layer.has("lossFn")) {
      copy.set("lossFn", typed(LOSS));
    }
    conf.set("layer", copy);
    return conf;
  }

  /** A list of numbers; LayerReader has checked that it is no more than that. */
  private static void copyNumbers(JsonNode layer, String field, ObjectNode copy) {
    if (layer.path(field).isArray()) {
      ArrayNode numbers = copy.putArray(field);
      layer.path(field).forEach(number -> numbers.add(number.asInt()));
    }
  }

  private static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("@class", type);
  }

  private static ObjectNode scalars(JsonNode object) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    object
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isValueNode()) {
                copy.set(field.getKey(), field.getValue());
              }
            });
    return copy;
  }
}
