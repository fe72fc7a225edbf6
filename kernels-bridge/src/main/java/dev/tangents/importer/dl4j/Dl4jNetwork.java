package dev.tangents.importer.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.JsonTree;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Sha256;
import dev.tangents.importer.Text;
import dev.tangents.importer.ZipArchive;
import java.util.List;

/** What an archive holds, checked: the configuration, its layers and their numbers. */
final class Dl4jNetwork {
  private static final int MOST_CONFIGURATION_BYTES = 1 << 24;

  private final JsonNode configuration;
  private final List<Vertex> vertices;
  private final double[] coefficients;
  private final String sha256;

  private Dl4jNetwork(
      JsonNode configuration, List<Vertex> vertices, double[] coefficients, String sha256) {
    this.configuration = configuration;
    this.vertices = vertices;
    this.coefficients = coefficients;
    this.sha256 = sha256;
  }

  /**
   * Reads an archive. The configuration comes first, so that the number of coefficients is known
   * before any memory is taken for them.
   *
   * @throws TangentsException of category MODEL naming the file
   */
  static Dl4jNetwork read(ModelSource source, long maxBytes) {
    byte[] bytes = source.bytes(maxBytes);
    try {
      ZipArchive archive = new ZipArchive(bytes, maxBytes);
      JsonNode configuration = readConfiguration(archive);
      List<Vertex> vertices = List.copyOf(LayerReader.read(configuration));
      long count = requireChain(vertices, maxBytes / Double.BYTES);
      double[] coefficients =
          archive
              .read("coefficients.bin", in -> CoefficientReader.read(in, count))
              .orElseThrow(
                  () ->
                      TangentsException.model(
                          "the archive has no coefficients.bin. Save the network with its parameters"));
      return new Dl4jNetwork(configuration, vertices, coefficients, Sha256.hex(bytes));
    } catch (TangentsException e) {
      throw e.within("model '" + source.name() + "'");
    }
  }

  JsonNode configuration() {
    return configuration;
  }

  /** The vertices, each after those that it needs. */
  List<Vertex> vertices() {
    return vertices;
  }

  /** Whether it is a ComputationGraph. */
  boolean isGraph() {
    return configuration.has("vertices");
  }

  /** Name of the vertex that gives the network's output. */
  String output() {
    return isGraph()
        ? configuration.path("networkOutputs").path(0).asText()
        : vertices.get(vertices.size() - 1).name();
  }

  /** All numbers, layer after layer, as Deeplearning4j flattens them. */
  double[] coefficients() {
    return coefficients.clone();
  }

  String sha256() {
    return sha256;
  }

  /** D: what the first layer with weights takes. */
  int inputs() {
    return vertices.stream()
        .mapToInt(vertex -> vertex.layer().inputs())
        .filter(n -> n > 0)
        .findFirst()
        .orElse(0);
  }

  private static JsonNode readConfiguration(ZipArchive archive) {
    byte[] json =
        archive
            .read("configuration.json", in -> in.readNBytes(MOST_CONFIGURATION_BYTES + 1))
            .orElseThrow(
                () ->
                    TangentsException.model(
                        "not a Deeplearning4j archive: it has no configuration.json. Save the network with"
                            + " ModelSerializer.writeModel"));
    if (json.length > MOST_CONFIGURATION_BYTES) {
      throw TangentsException.model(
          "configuration.json: more than %d bytes", MOST_CONFIGURATION_BYTES);
    }
    try {
      return JsonTree.parseObject(json);
    } catch (TangentsException e) {
      throw e.within("configuration.json");
    }
  }

  /** Checks that each layer takes what the one before gives; returns the numbers that all take. */
  private static long requireChain(List<Vertex> vertices, long most) {
    int width = 0;
    boolean weighted = false;
    long count = 0;
    for (int i = 0; i < vertices.size(); i++) {
      Dl4jLayer layer = vertices.get(i).layer();
      boolean chained =
          i == 0 || vertices.get(i).inputs().equals(List.of(vertices.get(i - 1).name()));
      if (chained && width > 0 && layer.inputs() > 0 && layer.inputs() != width) {
        throw TangentsException.model(
            "layer %s takes %d inputs and the layers before it give %d",
            Text.shown(vertices.get(i).name()), layer.inputs(), width);
      }
      weighted |= layer.inputs() > 0;
      width = layer.inputs() > 0 ? layer.outputs() : width;
      if (layer.isOverImages() || !chained) {
        width = 0; // depends on the extents of the images, or on several vertices
      }
      count += layer.coefficients();
      if (count > most) {
        throw TangentsException.model(
            "its layers need more than %d numbers, the most that a model may have (%d bytes)",
            most, ImportOptions.MAX_BYTES);
      }
    }
    if (!weighted) {
      throw TangentsException.model("no layer has weights, so the width of its input is unknown");
    }
    return count;
  }
}
