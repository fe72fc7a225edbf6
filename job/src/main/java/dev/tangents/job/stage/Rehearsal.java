package dev.tangents.job.stage;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.RowSpec;
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
 * Takes, on the executors, the memory that the largest tile needs, before an earlier result is
 * removed. Nothing is done twice: the workers keep what they have prepared for the tiles.
 */
final class Rehearsal {
  private Rehearsal() {}

  /**
   * Rehearses in {@code tasks} tasks the largest tiles of a grid.
   *
   * @return the executors' engines, each once
   * @throws dev.tangents.error.TangentsException of category RESOURCE, wrapped by Spark, if it does
   *     not fit
   */
  static List<String> run(
      JavaSparkContext spark,
      KernelSpec kernel,
      Broadcast<Map<String, byte[]>> model,
      int tasks,
      TileGrid grid) {
    int beside = Math.min(tasks, ComputeSlots.perJvm(spark));
    long n = grid.tileRows();
    long m = grid.tileColumns();
    boolean diagonal = grid.symmetric();
    return run(spark, kernel, model, tasks, worker -> worker.rehearse(n, m, diagonal, beside));
  }

  /** Rehearses in {@code tasks} tasks a micro-batch of rows. */
  static void run(
      JavaSparkContext spark, RowSpec rows, Broadcast<Map<String, byte[]>> model, int tasks) {
    int beside = ComputeSlots.perJvm(spark);
    run(spark, rows, model, tasks, worker -> worker.rehearse(beside));
  }

  /**
   * Whether a stage has failed for want of an engine's memory, on the processor or on a GPU. A disk
   * that is full is a matter of resources too, but has a failure to write as its cause.
   */
  static boolean outOfMemory(Exception e) {
    return outOfResources(e)
        .filter(failure -> !(failure.getCause() instanceof IOException))
        .filter(failure -> !(failure.getCause() instanceof FSError))
        .isPresent();
  }

  /** The failure of a stage for want of memory, on a processor, a GPU or a disk, if it is one. */
  static Optional<TangentsException> outOfResources(Exception e) {
    return TangentsException.in(e).filter(failure -> failure.category() == Category.RESOURCE);
  }

  private interface Work<W> extends Serializable {
    void with(W worker);
  }

  private static <W extends Worker> List<String> run(
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
}
