package dev.tangents.udfs.plan;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.jdk.javaapi.CollectionConverters;

/** What an operator shows in Spark's user interface. */
final class PassMetrics implements Serializable {
  private static final long serialVersionUID = 1L;

  private final SQLMetric rows;
  private final SQLMetric batches;
  private final SQLMetric passes;
  private final SQLMetric seconds;
  private final SQLMetric padded;
  private final SQLMetric early;

  PassMetrics(SparkContext spark) {
    this.rows = SQLMetrics.createMetric(spark, "number of output rows");
    this.batches = SQLMetrics.createMetric(spark, "batches");
    this.passes = SQLMetrics.createMetric(spark, "network passes");
    this.seconds = SQLMetrics.createNanoTimingMetric(spark, "time in the engine", -1);
    this.padded = SQLMetrics.createMetric(spark, "rows of padding");
    this.early = SQLMetrics.createMetric(spark, "batches closed early for lack of memory");
  }

  /** The metrics by name, for Spark. */
  scala.collection.immutable.Map<String, SQLMetric> byName() {
    Map<String, SQLMetric> all = new LinkedHashMap<>();
    all.put("numOutputRows", rows);
    all.put("batches", batches);
    all.put("networkPasses", passes);
    all.put("engineTime", seconds);
    all.put("paddedRows", padded);
    all.put("batchesClosedEarly", early);
    return scala.collection.immutable.Map.from(CollectionConverters.asScala(all));
  }

  /** A row has left. */
  void row() {
    rows.add(1);
  }

  /** A batch was gathered. */
  void batch(boolean closedEarly) {
    batches.add(1);
    if (closedEarly) {
      early.add(1);
    }
  }

  /** A batch went through the network, in so many runs of it. */
  void computed(long runs, long nanos, long padding) {
    passes.add(runs);
    seconds.add(nanos);
    padded.add(padding);
  }
}
