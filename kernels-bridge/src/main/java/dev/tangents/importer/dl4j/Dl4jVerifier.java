package dev.tangents.importer.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelSource;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
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

  private final MultiLayerNetwork network;
  private final DataType type;

  private Dl4jVerifier(MultiLayerNetwork network, DataType type) {
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
    ObjectNode clean = sanitise(read.configuration(), options.output() == ModelOutput.LOGITS);
    MultiLayerNetwork network =
        new MultiLayerNetwork(MultiLayerConfiguration.fromJson(clean.toString()));
    DataType type = network.getLayerWiseConfigurations().getDataType();
    INDArray flat = Nd4j.createFromArray(read.coefficients()).castTo(type);
    network.init(flat.reshape(1, flat.length()), false);
    return new Dl4jVerifier(network, type);
  }

  /**
   * The largest |ours - theirs| over all rows and outputs, divided by the largest |theirs|.
   *
   * @param rows samples, N x D
   * @param outputs what the imported model gives for them, N x O
   */
  public double maxRelativeDifference(double[][] rows, double[][] outputs) {
    try (INDArray x = Nd4j.createFromArray(rows).castTo(type);
        INDArray y = network.output(x)) {
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
      ObjectNode conf = scalars(original.get(i));
      JsonNode layer = original.get(i).path("layer");
      ObjectNode copy = scalars(layer);
      SIZES.forEach(size -> copyNumbers(layer, size, copy));
      if (layer.has("activationFn")) {
        boolean last = i + 1 == original.size();
        copy.set(
            "activationFn", logits && last ? typed(IDENTITY) : scalars(layer.path("activationFn")));
      }
      // Not used for output(), but without them the file is taken for one of an older version.
      copy.set("iupdater", typed(UPDATER));
      copy.set("weightInitFn", typed(WEIGHT_INIT));
      if (layer.has("lossFn")) {
        copy.set("lossFn", typed(LOSS));
      }
      conf.set("layer", copy);
      confs.add(conf);
    }
    ObjectNode processors = clean.putObject("inputPreProcessors");
    configuration
        .path("inputPreProcessors")
        .properties()
        .forEach(entry -> processors.set(entry.getKey(), scalars(entry.getValue())));
    return clean;
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
