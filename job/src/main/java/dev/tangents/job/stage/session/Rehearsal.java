package dev.tangents.job.stage.session;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.Worker;
import dev.tangents.udfs.executor.WorkerSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Takes, on the executors, the memory that the largest piece of work needs, before an earlier
 * result is removed. Nothing is done twice: the workers keep what they have prepared.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /**
   * What a worker of an executor is to prepare. It travels there.
   *
   * @param <W> the kind of worker
   */
  public interface Work<W> extends Serializable {
    /** Prepares the worker. */
    void with(W worker);
  }

  /**
   * Rehearses in {@code tasks} tasks.
   *
   * @return the executors' engines, each once
   * @throws dev.tangents.error.TangentsException of category RESOURCE, wrapped by Spark, if it does
   *     not fit
   */
  public static <W extends Worker> List<String> run(
      JavaSparkContext spark,
      WorkerSpec<W> spec,
      Broadcast<Map<String, byte[]>> model,
      int tasks,
      Work<W> work) {
    return ComputeSlots.of(spark.parallelize(Collections.nCopies(tasks, 0), tasks))
        .map(
            task ->
                ExecutorResources.with(
                    spec,
                    model.value(),
                    worker -> {
                      work.with(worker);
                      return worker.describe();
                    }))
        .distinct()
        .collect()
        .stream()
        .sorted()
        .toList();
  }

  /**
   * Whether a stage has failed for want of an engine's memory, on the processor or on a GPU. A disk
   * that is full is a matter of resources too, but has a failure to write as its cause.
   */
  public static boolean outOfMemory(Exception e) {
    return outOfResources(e)
        .filter(failure -> !(failure.getCause() instanceof IOException))
        .filter(failure -> !(failure.getCause() instanceof FSError))
        .isPresent();
  }

  /** The failure of a stage for want of memory, on a processor, a GPU or a disk, if it is one. */
  public static Optional<TangentsException> outOfResources(Exception e) {
    return TangentsException.in(e).filter(failure -> failure.category() == Category.RESOURCE);
  }
}
