package dev.tangents.job.stage;

import java.util.Collections;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Takes, on the executors, the memory that the largest tile needs, before an earlier result is
 * removed. Nothing is done twice: the workers keep what they have prepared for the tiles.
 */
final class Rehearsal {
  private Rehearsal() {}

  /**
   * Rehearses in {@code tasks} tasks a tile of {@code n} x {@code m}.
   *
   * @throws dev.tangents.error.TangentsException of category RESOURCE, wrapped by Spark, if it does
   *     not fit
   */
  static void run(
      JavaSparkContext spark,
      KernelSpec kernel,
      Broadcast<Map<String, byte[]>> model,
      int tasks,
      long n,
      long m) {
    spark
        .parallelize(Collections.nCopies(tasks, 0), tasks)
        .foreach(
            task -> {
              ExecutorResources resources = ExecutorResources.current();
              TileWorker worker = resources.borrow(kernel, model.value());
              boolean sound = false;
              try {
                worker.rehearse(n, m);
                sound = true;
              } finally {
                if (sound) {
                  resources.giveBack(worker);
                } else {
                  worker.close();
                }
              }
            });
  }
}
