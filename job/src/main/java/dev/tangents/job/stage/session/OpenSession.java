package dev.tangents.job.stage.session;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark session of a run: one that was started for it and ends with it, or one that is lent to
 * it by whoever has several runs one after the other.
 */
public final class OpenSession implements AutoCloseable {
  private final SparkSession spark;
  private final boolean lent;

  private OpenSession(SparkSession spark, boolean lent) {
    this.spark = spark;
    this.lent = lent;
  }

  /** Starts one. */
  public static OpenSession start(SparkConf conf) {
    return new OpenSession(SparkSession.builder().config(conf).getOrCreate(), false);
  }

  /**
   * This session for a run, which leaves it open. It must have what the run's own would be started
   * with, the plugin above all, and nothing else may compute in it: a run that fails waits for all
   * tasks.
   */
  public OpenSession lend() {
    return new OpenSession(spark, true);
  }

  /** The session. */
  public SparkSession spark() {
    return spark;
  }

  @Override
  public void close() {
    if (!lent) {
      spark.stop();
    }
  }
}
