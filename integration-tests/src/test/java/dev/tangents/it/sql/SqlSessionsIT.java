package dev.tangents.it.sql;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.window;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.udfs.Tangents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of other kinds: registered, with Kryo, with the plugin, of streams. */
class SqlSessionsIT {
  private static final String F = "tangents_predict('" + Sessions.MODEL + "', x)";

  @TempDir private Path folder;

  private static Map<Integer, List<Float>> predictions(Dataset<Row> table) {
    Map<Integer, List<Float>> all = new TreeMap<>();
    for (Row row : table.selectExpr("id", F).collectAsList()) {
      all.put(row.getInt(0), row.getList(1));
    }
    return all;
  }

  private static Map<Integer, List<Float>> predictions(Map<String, String> properties) {
    try (SparkSession spark = Sessions.open(properties)) {
      return predictions(Sessions.table(spark, 9));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void theSameWithKryoAndWithThePlugin() {
    Map<Integer, List<Float>> expected = predictions(Map.of());
    assertEquals(9, expected.size());
    assertEquals(
        expected,
        predictions(Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer")));
    assertEquals(expected, predictions(Map.of("spark.plugins", "dev.tangents.job.TangentsPlugin")));
  }

  @Test
  void functionsAreRegisteredInASessionThatIsThere() throws Exception {
    try (SparkSession spark = Sessions.open(Map.of("spark.sql.extensions", ""))) {
      Dataset<Row> table = Sessions.table(spark, 4);
      Tangents.register(spark);
      Tangents.register(spark);
      assertEquals(4, predictions(table).size());
      Dataset<Row> query = table.select(Tangents.jacobian(Sessions.MODEL, col("x")));
      assertEquals(4, query.collectAsList().size());
      assertEquals(1, Plans.operators(query).size());
      assertEquals(
          1, Plans.operators(query).get(0).children().head().output().size(), "as in a scan");
      assertEquals(4, predictions(Sessions.table(spark.newSession(), 4)).size());
      assertTrue(table.agg(Tangents.meanNtk(Sessions.MODEL, col("x"))).head().getDouble(0) > 0);
    }
  }

  @Test
  void rowsOfAStream() throws Exception {
    try (SparkSession spark = Sessions.open(Map.of())) {
      Dataset<Row> table = Sessions.table(spark, 20);
      String input = folder.resolve("input").toString();
      String output = folder.resolve("output").toString();
      table.write().parquet(input);
      StreamingQuery query =
          spark
              .readStream()
              .schema(table.schema())
              .option("maxFilesPerTrigger", 1)
              .parquet(input)
              .selectExpr("id", F + " AS f")
              .where("f[0] > -100")
              .writeStream()
              .option("checkpointLocation", folder.resolve("checkpoint").toString())
              .format("parquet")
              .start(output);
      query.processAllAvailable();
      query.stop();
      Map<Integer, List<Float>> found = new TreeMap<>();
      for (Row row : spark.read().parquet(output).collectAsList()) {
        found.put(row.getInt(0), row.getList(1));
      }
      assertEquals(predictions(table), found);
    }
  }

  /** Aggregates of windows of time, whose sums Spark keeps in its store from batch to batch. */
  @Test
  void windowsOfAStreamWithAWatermark() throws Exception {
    try (SparkSession spark = Sessions.open(Map.of("spark.tangents.dtype", "double"))) {
      String input = folder.resolve("events").toString();
      String output = folder.resolve("windows").toString();
      Dataset<Row> events =
          Sessions.table(spark, 40).selectExpr("timestamp_seconds(id) AS at", "id", "x");
      for (int batch = 0; batch < 4; batch++) {
        events
            .where("id %% 4 = %d AND id < 35".formatted(batch))
            .write()
            .mode("append")
            .parquet(input);
      }
      events
          .where("id >= 35")
          .withColumn("at", expr("at + INTERVAL 1 DAY"))
          .write()
          .mode("append")
          .parquet(input);
      StreamingQuery query =
          spark
              .readStream()
              .schema(events.schema())
              .option("maxFilesPerTrigger", 2)
              .parquet(input)
              .withWatermark("at", "1 hour")
              .groupBy(window(col("at"), "10 seconds"))
              .agg(
                  Tangents.meanNtk(Sessions.MODEL, col("x")).as("k"),
                  max(element_at(Tangents.predict(Sessions.MODEL, col("x")), 1)).as("f"))
              .selectExpr("window.start AS start", "k", "f")
              .writeStream()
              .option("checkpointLocation", folder.resolve("checkpoint").toString())
              .format("parquet")
              .start(output);
      query.processAllAvailable();
      query.stop();
      List<Row> expected =
          spark
              .sql(
                  "SELECT floor(id / 10) AS w, tangents_mean_ntk('%1$s', x), max(tangents_predict('%1$s', x)[0]) FROM t"
                          .formatted(Sessions.MODEL)
                      + " WHERE id < 35 GROUP BY w ORDER BY w")
              .collectAsList();
      List<Row> found = spark.read().parquet(output).orderBy("start").collectAsList();
      assertEquals(4, found.size(), "the windows that the watermark has passed");
      for (int w = 0; w < 4; w++) {
        assertEquals(expected.get(w).getDouble(1), found.get(w).getDouble(1), 1e-12);
        assertEquals(expected.get(w).getDouble(2), found.get(w).getDouble(2));
      }
    }
  }

  /** Where Spark has no memory for a whole batch, it is computed in parts, to the same bits. */
  @Test
  void littleMemoryClosesBatchesEarly() throws Exception {
    String query =
        "SELECT id, tangents_hessian('mlp:64-8-3:tanh?seed=1',"
            + " transform(sequence(0, 63), d -> float(sin(id + d)))) FROM range(0, 200, 1, 1)";
    List<Row> expected;
    try (SparkSession spark = Sessions.open(Map.of())) {
      Dataset<Row> plenty = spark.sql(query);
      expected = plenty.collectAsList();
      assertEquals(0, Plans.metric(plenty, "batchesClosedEarly"));
      assertEquals(1, Plans.metric(plenty, "batches"));
    }
    try (SparkSession spark =
        Sessions.open(
            Map.of("spark.testing.memory", "16000000", "spark.testing.reservedMemory", "0"))) {
      Dataset<Row> little = spark.sql(query);
      assertEquals(expected, little.collectAsList());
      long early = Plans.metric(little, "batchesClosedEarly");
      assertTrue(early >= 2, () -> early + " batches were closed early");
    }
  }

  /** A model's file that was replaced is read again, by queries of the same session. */
  @Test
  void aModelThatChanges() throws Exception {
    Path model = folder.resolve("model.json");
    try (SparkSession spark = Sessions.open(Map.of())) {
      Dataset<Row> table = Sessions.table(spark, 1);
      double[] first = written(table, model, 2);
      double[] second = written(table, model, 4);
      assertArrayEquals(
          new double[] {2 * first[0], 2 * first[1]}, second, 1e-6, "twice the weights");
    }
  }

  private double[] written(Dataset<Row> table, Path model, int weight) throws Exception {
    Path draft = folder.resolve("draft");
    Files.writeString(
        draft,
        """
        {"format": "tangents-network", "version": 1, "input": {"shape": [4]},
         "parameters": {"W": {"shape": [4, 2], "values": [%1$d, 0, 0, %1$d, 0, 0, 0, 0]}},
         "layers": [{"op": "dense", "weight": "W"}]}
        """
            .formatted(weight));
    Files.move(draft, model, StandardCopyOption.REPLACE_EXISTING);
    Row row = table.selectExpr("tangents_predict('" + model + "', array(1, 3, 0, 0))").head();
    return Values.flat(row.get(0));
  }
}
