package dev.tangents.importer.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.JsonTree;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelImporter;
import dev.tangents.importer.ModelSource;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads a network in the form of {@code docs/model-json.md}. The hash is over the JSON file and,
 * after it, the npy files in the order in which they are named.
 */
public final class JsonImporter implements ModelImporter {
  /**
   * 16 MiB; larger weights belong into npy files: a JSON number takes several times its size to
   * read.
   */
  private static final long MOST_JSON_BYTES = 1L << 24;

  /** Stateless. */
  public JsonImporter() {}

  @Override
  public boolean accepts(String spec) {
    return spec.toLowerCase(Locale.ROOT).endsWith(".json");
  }

  @Override
  public String form() {
    return "FILE.json  (a network with explicit weights, kernels-bridge/docs/model-json.md)";
  }

  @Override
  public Model load(String spec, Function<String, ModelSource> open, ImportOptions options) {
    ModelSource source = open.apply(spec);
    byte[] bytes = source.bytes(Math.min(options.maxBytes(), MOST_JSON_BYTES));
    try {
      JsonNode json = JsonTree.parseObject(bytes);
      TensorReader tensors = new TensorReader(source, options.maxBytes(), bytes);
      return new NetworkReader(tensors, options.output())
          .read(new Attributes(json), "JSON network " + spec);
    } catch (TangentsException e) {
      throw e.within("model '" + source.name() + "'");
    }
  }
}
