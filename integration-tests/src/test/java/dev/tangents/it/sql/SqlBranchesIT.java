package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions in branches that some rows do not take: there nothing is computed, so rows that no
 * function can take do no harm.
 */
class SqlBranchesIT {
  private static final String F = "tangents_predict('M3', x)[0]";
  private static final String LOSS = "tangents_loss('M3', x, label, 'softmax-cross-entropy')";

  private static SparkSession spark;

  /**
   * The table {@code mixed}: rows that are good, whose values are {@code f} and {@code loss}, and
   * rows 3, 4, 5 that are too short, not a number, of a class that is none.
   */
  @BeforeAll
  static void open() {
    spark = Sessions.open(Map.of());
    Sessions.table(spark, 12);
    Dataset<Row> mixed =
        sql(
            "SELECT id, id NOT IN (3, 4, 5) AS good, f, loss, if(id = 5, 77, label) AS label,"
                + " if(id = 3, array(1f), if(id = 4, array(float('nan'), 0f, 0f, 0f), x)) AS x FROM"
                + (" (SELECT *, " + F + " AS f, " + LOSS + " AS loss FROM t)"));
    spark.createDataFrame(mixed.collectAsList(), mixed.schema()).createOrReplaceTempView("mixed");
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static Dataset<Row> sql(String text) {
    return spark.sql(
        text.replace("LOSS", LOSS)
            .replace("F(x)", F)
            .replace("M3", Sessions.MODEL)
            .replace("M4", Sessions.SQUARE));
  }

  private static List<String> rows(String expression) {
    List<Row> rows = sql("SELECT id, " + expression + " FROM mixed ORDER BY id").collectAsList();
    assertEquals(12, rows.size());
    return rows.stream().map(Row::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"F(x)", "LOSS", "if(id > 3, F(x), 0)", "coalesce(F(x), 0)"})
  void rowsThatATakenBranchCannotUseFail(String expression) {
    assertThrows(Exception.class, () -> rows(expression));
  }

  /** Each with numbers in place of calls is what is expected. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "if(good, F(x), -1)",
        "if(good, LOSS, -1)",
        "CASE WHEN good THEN F(x) END",
        "CASE WHEN NOT good THEN -1 WHEN id < 7 THEN LOSS ELSE F(x) END",
        "CASE WHEN NOT good THEN -1 WHEN F(x) > 0.5 THEN LOSS ELSE F(x) + LOSS END",
        "CASE WHEN NOT good THEN 'bad' WHEN LOSS > 1.1 THEN 'high' ELSE string(LOSS) END",
        "coalesce(if(good, NULL, -1), F(x), LOSS)",
        "nvl(if(good, NULL, -1), F(x))",
        "nvl2(if(good, id, NULL), F(x), -1)",
        "good AND F(x) > 0.4",
        "NOT good OR F(x) > 0.4",
        "good AND F(x) > 0.4 AND LOSS > 1",
        "if(good, F(x), if(id = 5, F(x), -1))",
        "if(good, if(id > 7, F(x), LOSS), 0) + if(id > 7, if(good, F(x), 1), 2)",
        "if(id > 6, if(F(x) > 0.4, LOSS, 0), if(good, if(LOSS > 1, F(x), 0), 1))",
        "transform(array(0, 1), i -> if(good, F(x) + i, -1))",
        "if(good, transform(array(0, 1), i -> F(x) + i), NULL)",
        "if((good AND id != 8) IS NOT TRUE, -1, F(x))",
      })
  void branchesThatAreNotTakenAreNotComputed(String expression) {
    assertEquals(rows(expression.replace("F(x)", "f").replace("LOSS", "loss")), rows(expression));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM mixed WHERE good AND F(x) > 0.4",
        "SELECT id FROM mixed WHERE F(x) > 0.4 AND good",
        "SELECT id FROM mixed WHERE NOT good OR F(x) > 0.4",
        "SELECT good, max(if(good, F(x), NULL)) FROM mixed GROUP BY good",
        "SELECT max(F(x)) FILTER (WHERE LOSS > 1) FROM mixed WHERE good",
        "SELECT max(F(x)) FILTER (WHERE good) FROM mixed",
        "SELECT max(F(x)) FILTER (WHERE good AND id > 8), min(F(x)) FILTER (WHERE good), max(id) FROM mixed",
        "SELECT id % 2, max(F(x)) FILTER (WHERE good), min(LOSS) FILTER (WHERE good) FROM mixed GROUP BY id % 2",
        "SELECT count(DISTINCT F(x)) FILTER (WHERE good), count(DISTINCT label) FROM mixed",
        "SELECT max_by(id, F(x)) FILTER (WHERE good) FROM mixed",
        "SELECT max(LOSS) FILTER (WHERE good AND F(x) > 0.4) FROM mixed",
        "SELECT max(LOSS) FILTER (WHERE if(good, F(x), 0) > 0.4 AND good) FROM mixed",
        "SELECT max(F(x)) FILTER (WHERE good), tangents_mean_ntk('M3', x) FILTER (WHERE good) FROM mixed",
        "SELECT max(if(id > 8, F(x), 0)) FILTER (WHERE good) FROM mixed HAVING max(F(x)) FILTER (WHERE good) > 0",
        "SELECT id, sum(if(good, F(x), 0)) OVER (ORDER BY id) FROM mixed",
        "SELECT id, v FROM mixed LATERAL VIEW explode(if(good, array(F(x)), NULL)) AS v",
        "SELECT a.id, b.n FROM mixed a LEFT JOIN (SELECT id AS n FROM mixed) b ON a.id = b.n AND good AND F(x) > 0",
      })
  void callsUnderAConditionGiveThePrecomputedColumnWhereverTheyStand(String query) {
    List<String> expected =
        sql(query.replace("F(x)", "f").replace("LOSS", "loss")).collectAsList().stream()
            .map(Row::toString)
            .sorted()
            .toList();
    assertTrue(expected.size() > 0, query);
    assertEquals(
        expected, sql(query).collectAsList().stream().map(Row::toString).sorted().toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT max(id) FILTER (WHERE F(x) > 0.4) FROM mixed",
        "SELECT max(F(x)) FILTER (WHERE id != 3) FROM mixed",
        "SELECT max(F(x)) FILTER (WHERE good), max(F(x)) FROM mixed",
      })
  void aFilterSparesNoOtherRows(String query) {
    assertThrows(SparkRuntimeException.class, () -> sql(query).collectAsList());
  }

  /** A call decides which rows another is computed for. */
  @Test
  void theRowsOfABranchAreCounted() {
    Dataset<Row> query =
        sql("SELECT if(F(x) > 0.5, tangents_determinant('M4', x), NULL) FROM mixed WHERE good");
    long some = query.collectAsList().stream().filter(row -> !row.isNullAt(0)).count();
    assertTrue(some > 0 && some < 9, () -> some + " rows took the branch");
    assertEquals(2, Plans.operators(query).size(), "one decides, the other computes the rest");
    var metrics = Plans.operators(query).get(0).metrics();
    long batches = metrics.apply("networkPasses").value();
    assertEquals(some, 256 * batches - metrics.apply("paddedRows").value());
  }

  /** What may have another value when it is evaluated again spares nobody, and is right. */
  @Test
  void chanceDecidesOnce() {
    List<Row> rows =
        sql("SELECT r < 0.5, if(r < 0.5, F(x), NULL), if(rand(3) < 0.5, F(x), NULL)"
                + " FROM (SELECT array(id, 1, 2, 3) AS x, rand(3) AS r FROM range(40))")
            .collectAsList();
    for (Row row : rows) {
      assertEquals(row.getBoolean(0), !row.isNullAt(1));
      assertEquals(row.get(1), row.get(2), "the same seed, the same rows");
    }
  }
}
