package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.udfs.Tangents;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Aggregates against what functions of each row give. */
class SqlAggregatesIT {
  private static final String GRADIENT =
      "flatten(map_values(tangents_gradient('M3', x, label, 'softmax-cross-entropy')))";

  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark =
        Sessions.open(Map.of("spark.tangents.dtype", "double", "spark.tangents.micro-batch", "4"));
    Sessions.table(spark, 10);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static Dataset<Row> sql(String text) {
    return spark.sql(text.replace("M3", Sessions.MODEL));
  }

  /** The mean of the rows' own gradients. */
  private static double[] mean(String condition) {
    List<Row> rows =
        sql("SELECT flatten(map_values(tangents_loss_gradient('M3', x, label, 'softmax-cross-entropy')))"
                + " FROM t WHERE "
                + condition)
            .collectAsList();
    double[] sum = new double[67];
    for (Row row : rows) {
      double[] gradient = Values.flat(row.get(0));
      Arrays.setAll(sum, i -> sum[i] + gradient[i]);
    }
    return Arrays.stream(sum).map(value -> value / rows.size()).toArray();
  }

  @Test
  void gradientIsTheMeanOfGradients() {
    Row row = sql("SELECT " + GRADIENT + " FROM t").head();
    assertArrayEquals(mean("true"), Values.flat(row.get(0)), 1e-14);
  }

  @Test
  void eachGroupHasItsOwnMeanGradient() {
    List<Row> groups =
        sql("SELECT grp, count(*), " + GRADIENT + " FROM t GROUP BY grp ORDER BY grp")
            .collectAsList();
    assertEquals(3, groups.size());
    for (Row group : groups) {
      assertArrayEquals(mean("grp = " + group.getInt(0)), Values.flat(group.get(2)), 1e-14);
    }
  }

  /** More groups than Spark keeps in a map, so that buffers are written and merged. */
  @Test
  void manyGroupsThroughSortedBuffers() {
    spark.conf().set("spark.sql.objectHashAggregate.sortBased.fallbackThreshold", "2");
    try {
      List<Row> groups = sql("SELECT id, " + GRADIENT + " FROM t GROUP BY id").collectAsList();
      assertEquals(10, groups.size());
      for (Row group : groups) {
        assertArrayEquals(mean("id = " + group.getInt(0)), Values.flat(group.get(1)), 1e-14);
      }
    } finally {
      spark.conf().unset("spark.sql.objectHashAggregate.sortBased.fallbackThreshold");
    }
  }

  @Test
  void meanKernelIsTheMeanOverAllPairs() {
    double pairs =
        sql("SELECT avg(tangents_ntk('M3', a.x, b.x)) FROM t a CROSS JOIN t b").head().getDouble(0);
    double mean = sql("SELECT tangents_mean_ntk('M3', x) FROM t").head().getDouble(0);
    assertEquals(pairs, mean, 1e-12 * pairs);
  }

  @Test
  void overAWindowThatGrows() {
    List<Row> rows =
        sql("SELECT id, flatten(map_values(tangents_gradient('M3', x, label, 'softmax-cross-entropy')"
                + " OVER (ORDER BY id))) FROM t")
            .collectAsList();
    for (Row row : rows) {
      assertArrayEquals(mean("id <= " + row.getInt(0)), Values.flat(row.get(1)), 1e-14);
    }
  }

  @Test
  void noRowsGiveNullAndNullsDoNotCount() {
    assertTrue(sql("SELECT tangents_mean_ntk('M3', x) FROM t WHERE id < 0").head().isNullAt(0));
    assertTrue(sql("SELECT tangents_mean_ntk('M3', NULL) FROM t").head().isNullAt(0));
    Row some =
        sql("SELECT " + GRADIENT.replace("label", "if(id = 3, label, NULL)") + " FROM t").head();
    assertArrayEquals(mean("id = 3"), Values.flat(some.get(0)), 1e-14);
  }

  @Test
  void distinctRowsAndSome() {
    Row row =
        sql("SELECT tangents_mean_ntk('M3', x), tangents_mean_ntk(DISTINCT 'M3', x), count(DISTINCT grp),"
                + " tangents_mean_ntk(DISTINCT 'M3', x) FILTER (WHERE tangents_predict('M3', x)[0] > 0.4)"
                + " FROM (SELECT * FROM t UNION ALL SELECT * FROM t WHERE id < 5)")
            .head();
    double each = sql("SELECT tangents_mean_ntk('M3', x) FROM t").head().getDouble(0);
    assertTrue(Math.abs(row.getDouble(0) - each) > 1e-3, "some rows twice");
    assertEquals(each, row.getDouble(1), 1e-12);
    assertEquals(
        sql("SELECT tangents_mean_ntk('M3', x) FROM t WHERE tangents_predict('M3', x)[0] > 0.4")
            .head()
            .getDouble(0),
        row.getDouble(3),
        1e-12);
  }

  @Test
  void aggregatesOfProgramsAreThoseOfSql() {
    Row row =
        spark
            .table("t")
            .agg(
                Tangents.meanNtk(Sessions.MODEL, functions.col("x")),
                Tangents.gradient(
                    Sessions.MODEL,
                    functions.col("x"),
                    functions.col("label"),
                    "softmax-cross-entropy"))
            .head();
    assertEquals(
        sql("SELECT tangents_mean_ntk('M3', x) FROM t").head().getDouble(0), row.getDouble(0));
    assertEquals(4, row.getMap(1).size());
  }
}
