package dev.tangents.job.config;

import java.util.List;

/** Spark's properties that the program sets itself where the user has not. */
public final class SparkDefaults {
  /**
   * A property.
   *
   * @param key Spark's
   * @param value what it is set to
   * @param why for the reference
   */
  public record Property(String key, String value, String why) {}

  /** Where nothing says where Spark runs. */
  public static final Property MASTER =
      new Property("spark.master", "local[*]", "A task for each processor of this machine.");

  /** Where the driver computes. */
  public static final List<Property> LOCAL =
      List.of(
          new Property(
              "spark.driver.host", "localhost", "Local mode: no address of the machine is needed."),
          new Property(
              "spark.driver.bindAddress", "127.0.0.1", "Local mode: nobody else takes part."),
          new Property("spark.ui.enabled", "false", "Local mode: no web page."),
          new Property(
              "spark.metrics.namespace",
              "tangents",
              "Local mode: metrics are named before there is an application's id to name them by."));

  /** Properties that every run has, beside what the user says. */
  static final List<Property> ALWAYS =
      List.of(
          new Property("spark.app.name", "tangents COMMAND", "What cluster managers show."),
          new Property(
              "spark.plugins",
              "dev.tangents.job.TangentsPlugin",
              "Added to the list: executors load the engine when they start, and count what they do"
                  + " (metrics `plugin.dev.tangents.job.TangentsPlugin.*`: tilesWritten, panelsWritten,"
                  + " bytesWritten, networkNanos, tileNanos, writeNanos, nativeBytes)."),
          new Property(
              "spark.tangents.engine", "--engine", "Executors learn which engine to load."));

  private SparkDefaults() {}
}
