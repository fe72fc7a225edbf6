package dev.tangents.job.stage.session;

import dev.tangents.error.TangentsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Ends a run before its time: another process has taken its folder, or this process is ended from
 * outside. Spark then says of whatever was running that it was cancelled, and not why.
 */
public final class Interruption implements Runnable {
  private final JavaSparkContext spark;
  private final Path folder;
  private volatile boolean taken;

  /** The interruption of a run that writes to {@code folder}, if another process takes that. */
  public Interruption(JavaSparkContext spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /** Another process has taken the folder: what runs is cancelled. */
  @Override
  public void run() {
    taken = true;
    spark.sc().cancelAllJobs();
  }

  /**
   * Says why a run has failed, if another process has taken its folder.
   *
   * @throws TangentsException of category RESOURCE if one has
   */
  public void requireNone(Exception failure) {
    if (taken) {
      throw TangentsException.resource(
              "output: another process has taken %s, so this run has stopped; what is there is the other's. Give this"
                  + " one another --output",
              folder)
          .causedBy(failure);
    }
  }

  /** Whether this process is about to end. */
  public static boolean ending() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }

  /**
   * Says why a run has failed, if its process is about to end.
   *
   * @param advice how the run goes on
   * @throws TangentsException of category RESOURCE if it is
   */
  public static void requireNotEnding(Exception failure, String advice) {
    if (ending()) {
      throw TangentsException.resource(
              "interrupted: this process is ended from outside before the run is done. %s", advice)
          .causedBy(failure);
    }
  }
}
