package dev.tangents.job.stage.session;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * The Spark session of a run. One that the run has started ends with it; one that was there before
 * goes on, for whoever started it.
 */
public final class OpenSession implements AutoCloseable {
  private final SparkSession spark;
  private final boolean started;

  private OpenSession(SparkSession spark, boolean started) {
    this.spark = spark;
    this.started = started;
  }

  /**
   * Takes the session that this JVM has as it is, or starts one.
   *
   * @param conf of the one that is started
   */
  public static OpenSession of(SparkConf conf) {
    Option<SparkSession> there = SparkSession.getDefaultSession(); // none that is stopped
    return there.isDefined()
        ? new OpenSession(there.get(), false)
        : new OpenSession(SparkSession.builder().config(conf).getOrCreate(), true);
  }

  /** The session. */
  public SparkSession spark() {
    return spark;
  }

  @Override
  public void close() {
    if (started) {
      spark.stop();
    }
  }
}
