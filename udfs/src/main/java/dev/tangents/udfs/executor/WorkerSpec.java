package dev.tangents.udfs.executor;

import dev.tangents.importer.ModelSource;
import java.io.Serializable;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What workers are made from. Two tasks with equal specifications may share a worker, so it has
 * value equality.
 *
 * @param <W> type of the workers
 */
public interface WorkerSpec<W extends Worker> extends Serializable {
  /**
   * Loads the network once for all workers.
   *
   * @param open opens the model's files
   * @return what makes a worker over that network
   */
  Supplier<W> load(Function<String, ModelSource> open);
}
