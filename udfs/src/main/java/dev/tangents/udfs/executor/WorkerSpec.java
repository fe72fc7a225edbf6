package dev.tangents.udfs.executor;

import dev.tangents.importer.ModelSource;
import dev.tangents.udfs.model.ModelSpec;
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
  /** Which function of which model. */
  ModelSpec model();

  /** Hash of the model's bytes; with {@link #model} the key under which it is kept. */
  String modelHash();

  /**
   * Bytes that idle workers of other specifications may hold while one of these is made. A stage of
   * a run is planned with all the memory there is, so it leaves them none.
   */
  default long othersBytes() {
    return 0;
  }

  /**
   * What all workers of the specification have in common is made once, here.
   *
   * @param loaded the model
   * @param open opens the files that came with it
   * @return what makes a worker
   */
  Supplier<W> maker(ModelSpec.Loaded loaded, Function<String, ModelSource> open);
}
