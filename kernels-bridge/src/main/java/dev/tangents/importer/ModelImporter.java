package dev.tangents.importer;

import java.util.function.Function;

/** Reads one form of model. Stateless. */
public interface ModelImporter {
  /** Whether the specification is of this form, by its look alone. */
  boolean accepts(String spec);

  /** The form in a few words, for the message that lists all of them. */
  String form();

  /** Whether its files leave open which axis is the batch. */
  default boolean namesBatchAxes() {
    return false;
  }

  /** Whether its files name values that may be the output. */
  default boolean namesOutputs() {
    return false;
  }

  /** Whether its files leave open which of their numbers were trained. */
  default boolean namesTrained() {
    return false;
  }

  /**
   * Reads the model.
   *
   * @param spec a specification that this importer accepts
   * @param open opens a file by its path or address
   * @param options limits and the choice of output
   * @throws dev.tangents.error.TangentsException of category USER if the specification is wrong, of
   *     category MODEL if the file is
   */
  Model load(String spec, Function<String, ModelSource> open, ImportOptions options);
}
