package dev.tangents.udfs.model;

import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import java.util.function.Function;

/**
 * Loads what a run needs of a model.
 *
 * @param <N> what that is
 */
public interface ModelLoader<N> {
  /**
   * Loads.
   *
   * @param open opens the model's files
   * @throws dev.tangents.error.TangentsException if the model cannot be read or handled, or an
   *     output or parameter is not there
   */
  N load(Function<String, ModelSource> open);

  /** The model in what was loaded. */
  Model model(N loaded);
}
