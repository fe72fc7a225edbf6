package dev.tangents.job.stage.session;

import dev.tangents.job.report.Console;
import dev.tangents.job.report.Progress;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Work on Spark whose progress is shown.
 *
 * @param spark where it runs
 * @param console who watches
 */
public record Watched(JavaSparkContext spark, Console console) {
  /**
   * Works.
   *
   * @param what what is counted, such as tiles
   * @param total number of them
   * @param flops operations of all
   * @param work counts what is done
   */
  public <T> T run(String what, long total, double flops, Function<LongAccumulator, T> work) {
    LongAccumulator done = spark.sc().longAccumulator(what);
    Progress progress =
        new Progress(
            console.err(),
            console.terminal(),
            what,
            total,
            flops,
            done::value,
            () -> Sessions.executors(spark));
    try {
      return work.apply(done);
    } finally {
      progress.close();
    }
  }
}
