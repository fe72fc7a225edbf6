package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.dl4j.Dl4jImporter;
import dev.tangents.importer.json.JsonImporter;
import dev.tangents.importer.keras.KerasImporter;
import dev.tangents.importer.mlp.MlpImporter;
import dev.tangents.importer.onnx.OnnxImporter;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Loads a model by its specification. The importers are a list, a value: add one line for a form.
 */
public final class Models {
  private static final List<ModelImporter> IMPORTERS =
      List.of(
          new MlpImporter(),
          new Dl4jImporter(),
          new JsonImporter(),
          new OnnxImporter(),
          new KerasImporter());

  private Models() {}

  /** Loads with {@link ImportOptions#defaults}. */
  public static Model load(String spec, Function<String, ModelSource> open) {
    return load(spec, open, ImportOptions.defaults());
  }

  /**
   * Loads the model that {@code spec} describes.
   *
   * @param spec a path, an address, or a network in one string
   * @param open opens a file by its path or address; not called for a network in one string
   * @param options limits, the choice of output, parameters that are tied whatever the form
   * @throws TangentsException of category USER if no importer knows the form or the specification
   *     or a tie is wrong, of category MODEL if the file is
   */
  public static Model load(String spec, Function<String, ModelSource> open, ImportOptions options) {
    for (ModelImporter importer : IMPORTERS) {
      if (importer.accepts(spec)) {
        requireServed(importer, spec, options);
        return Ties.apply(importer.load(spec, open, options), options.ties());
      }
    }
    throw TangentsException.user(
        "model '%s': unknown form. Expected one of%s",
        spec, IMPORTERS.stream().map(i -> "\n  " + i.form()).collect(Collectors.joining()));
  }

  /** Refuses options of what only some forms leave open. */
  private static void requireServed(ModelImporter importer, String spec, ImportOptions options) {
    if (options.output().byName() && !importer.namesOutputs()) {
      throw TangentsException.user(
          "model-output: expected output or logits for model '%s', got '%s'; only an ONNX file has values"
              + " to name",
          spec, options.output().label());
    }
    if (!options.batchAxes().isEmpty() && !importer.namesBatchAxes()) {
      throw TangentsException.user(
          "batch-axis: the batch axis of model '%s' is known; only an ONNX file has one to name. Leave"
              + " the flag out",
          spec);
    }
    if (!options.trained().isEmpty() && !importer.namesTrained()) {
      throw TangentsException.user(
          "trained: the parameters of model '%s' are known; only an ONNX file leaves them open. Leave the"
              + " flag out",
          spec);
    }
  }
}
