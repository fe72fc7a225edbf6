package dev.tangents.importer.keras;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelImporter;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Sha256;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads a Sequential or Functional network of Keras: {@code .keras} as Keras 3 saves it, or a whole
 * model in HDF5 ({@code .h5}, {@code .hdf5}) as Keras 2 and 3 do. A sample is the input without its
 * batch axis, row-major. Parameters are the trainable variables, {@code dense_1/kernel}; moving
 * statistics and the variables of layers with {@code trainable: false} are constants. As {@link
 * ModelOutput#LOGITS} the output is the value before the last layer's activation.
 */
public final class KerasImporter implements ModelImporter {
  /** Stateless. */
  public KerasImporter() {}

  @Override
  public boolean accepts(String spec) {
    String lower = spec.toLowerCase(Locale.ROOT);
    return lower.endsWith(".keras") || lower.endsWith(".h5") || lower.endsWith(".hdf5");
  }

  @Override
  public String form() {
    return "FILE.keras or FILE.h5  (a Sequential or Functional network saved by Keras 2 or 3)";
  }

  @Override
  public Model load(String spec, Function<String, ModelSource> open, ImportOptions options) {
    ModelSource source = open.apply(spec);
    byte[] bytes = source.bytes(options.maxBytes());
    try (KerasFile file = KerasFile.open(bytes, options.maxBytes())) {
      NetworkReader.Network network = new NetworkReader(file, options.output()).read();
      String description =
          "Keras network %s, %d layers, saved by Keras %s"
              .formatted(spec, network.layers(), file.version());
      return new Model(network.graph(), network.weights(), description, Sha256.hex(bytes))
          .withOutput(network.output());
    } catch (TangentsException e) {
      throw e.within("model '" + source.name() + "'");
    }
  }
}
