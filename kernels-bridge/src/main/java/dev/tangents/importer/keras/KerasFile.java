package dev.tangents.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.JsonTree;
import dev.tangents.importer.Text;
import dev.tangents.importer.ZipArchive;
import java.nio.charset.StandardCharsets;

/**
 * What a model file holds: how the layers are put together, and their arrays.
 *
 * @param model the network as JSON, {@code class_name} and {@code config}
 * @param weights the arrays; to be closed
 * @param version version of Keras that wrote the file
 */
record KerasFile(JsonNode model, WeightStore weights, String version) implements AutoCloseable {
  private static final int MOST_CONFIGURATION_BYTES = 1 << 26;
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  /**
   * Opens a file of either format, which its first bytes tell.
   *
   * @param maxBytes most bytes of the file, unpacked, and of its arrays in double
   * @throws TangentsException of category MODEL if it is neither, or damaged
   */
  static KerasFile open(byte[] bytes, long maxBytes) {
    return startsWith(bytes, HDF5) ? legacy(bytes, maxBytes) : archive(bytes, maxBytes);
  }

  /** First number of the version: what a few activations mean has changed from 2 to 3. */
  int major() {
    return version.startsWith("2.") || version.startsWith("1.") ? 2 : 3;
  }

  @Override
  public void close() {
    weights.close();
  }

  private static KerasFile archive(byte[] bytes, long maxBytes) {
    ZipArchive archive = new ZipArchive(bytes, maxBytes);
    JsonNode model = json(archive, "config.json");
    JsonNode metadata = json(archive, "metadata.json");
    String weights = "model.weights.h5";
    byte[] arrays = entry(archive, weights, (int) Math.min(maxBytes, Integer.MAX_VALUE - 16));
    return new KerasFile(
        model,
        new ArchiveWeights(Hdf5.open(arrays, maxBytes)),
        metadata.path("keras_version").asText("3"));
  }

  private static JsonNode json(ZipArchive archive, String name) {
    byte[] bytes = entry(archive, name, MOST_CONFIGURATION_BYTES);
    try {
      return JsonTree.parseObject(bytes);
    } catch (TangentsException e) {
      throw e.within(name);
    }
  }

  private static byte[] entry(ZipArchive archive, String name, int most) {
    byte[] bytes =
        archive
            .read(name, in -> in.readNBytes(most))
            .orElseThrow(
                () ->
                    TangentsException.model(
                        "it is neither an HDF5 file nor a Keras archive with the entry %s. Save the whole"
                            + " model with model.save('NAME.keras')",
                        name));
    if (bytes.length == most) {
      throw TangentsException.model("%s: more than %d bytes", name, most - 1);
    }
    return bytes;
  }

  private static KerasFile legacy(byte[] bytes, long maxBytes) {
    Hdf5 file = Hdf5.open(bytes, maxBytes);
    try {
      String json =
          file.text("", "model_config")
              .orElseThrow(
                  () ->
                      TangentsException.model(
                          "it has weights but no model_config. Save the whole model, not its weights alone"));
      return new KerasFile(
          JsonTree.parseObject(json.getBytes(StandardCharsets.UTF_8)),
          new LegacyWeights(file),
          Text.shown(file.text("", "keras_version").orElse("2.")));
    } catch (TangentsException e) {
      file.close();
      throw e;
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] head) {
    for (int i = 0; i < head.length; i++) {
      if (bytes.length <= i || bytes[i] != head[i]) {
        return false;
      }
    }
    return true;
  }
}
