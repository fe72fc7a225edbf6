package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FormattedMode$;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions wherever a query may have an expression, however Spark plans it. */
class SqlQueriesIT {
  private static final int ROWS = 12;

  /** The first output of the model, a number. */
  private static final String F = "tangents_predict('M3', x)[0]";

  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = Sessions.open(Map.of());
    Sessions.table(spark, ROWS);
    // The truth, computed once by a plain SELECT and kept as numbers.
    Dataset<Row> truth = sql("SELECT id, grp, " + F + " AS f FROM t");
    spark.createDataFrame(truth.collectAsList(), truth.schema()).createOrReplaceTempView("truth");
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  @AfterEach
  void forgetSettings() {
    for (String key :
        List.of(
            "spark.sql.codegen.wholeStage",
            "spark.sql.codegen.factoryMode",
            "spark.sql.adaptive.enabled",
            "spark.sql.cbo.enabled",
            "spark.tangents.micro-batch")) {
      spark.conf().unset(key);
    }
  }

  private static Dataset<Row> sql(String text) {
    return spark.sql(text.replace("M3", Sessions.MODEL).replace("M4", Sessions.SQUARE));
  }

  private static void assertSameRows(String expected, String query) {
    List<Row> rows = sql(expected).collectAsList();
    assertTrue(rows.size() > 1 || !rows.get(0).isNullAt(0), rows::toString);
    assertEquals(
        rows.stream().map(Row::toString).sorted().toList(),
        sql(query).collectAsList().stream().map(Row::toString).sorted().toList(),
        query);
  }

  private static final String[][] QUERIES = {
    {"SELECT id FROM truth WHERE f > 0.3", "SELECT id FROM t WHERE %s > 0.3"},
    {
      "SELECT id FROM truth WHERE f > 0.3 AND id > 2 OR id = 1",
      "SELECT id FROM t WHERE %s > 0.3 AND id > 2 OR id = 1"
    },
    {
      "SELECT grp, max(f), count(*) FROM truth GROUP BY grp",
      "SELECT grp, max(%s), count(*) FROM t GROUP BY grp"
    },
    {
      "SELECT f > 0.3, count(*) FROM truth GROUP BY f > 0.3 HAVING max(f) > 0",
      "SELECT %s > 0.3, count(*) FROM t GROUP BY %s > 0.3 HAVING max(%s) > 0"
    },
    {
      "SELECT id, row_number() OVER (PARTITION BY grp ORDER BY f) FROM truth",
      "SELECT id, row_number() OVER (PARTITION BY grp ORDER BY %s) FROM t"
    },
    {
      "SELECT id, sum(f) OVER (PARTITION BY grp ORDER BY id) FROM truth",
      "SELECT id, sum(%s) OVER (PARTITION BY grp ORDER BY id) FROM t"
    },
    {"SELECT id FROM truth ORDER BY f LIMIT 4", "SELECT id FROM t ORDER BY %s LIMIT 4"},
    {
      "SELECT a.id, b.id FROM truth a JOIN truth b ON a.f = b.f",
      "SELECT a.id, b.id FROM t a JOIN truth b ON tangents_predict('M3', a.x)[0] = b.f"
    },
    {
      "SELECT a.id, b.id FROM truth a LEFT JOIN truth b ON a.f = b.f AND b.id > 3",
      "SELECT a.id, b.id FROM t a LEFT JOIN truth b ON tangents_predict('M3', a.x)[0] = b.f AND b.id > 3"
    },
    {
      "SELECT id FROM truth WHERE f > (SELECT avg(f) FROM truth)",
      "SELECT id FROM t WHERE %s > (SELECT avg(%s) FROM t)"
    },
    {
      "SELECT id FROM truth WHERE f IN (SELECT f FROM truth WHERE id < 5)",
      "SELECT id FROM t WHERE %s IN (SELECT %s FROM t WHERE id < 5)"
    },
    {
      "SELECT id FROM truth WHERE EXISTS (SELECT 1 FROM truth u WHERE u.f * 10 < truth.id)",
      "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE tangents_predict('M3', u.x)[0] * 10 < t.id)"
    },
    {
      "SELECT id FROM truth WHERE grp NOT IN (SELECT u.grp FROM truth u WHERE u.f > truth.f + 0.15)",
      "SELECT id FROM t WHERE grp NOT IN (SELECT u.grp FROM t u WHERE tangents_predict('M3', u.x)[0] > "
          + "tangents_predict('M3', t.x)[0] + 0.15)"
    },
    {
      "SELECT id, (SELECT max(u.f) FROM truth u WHERE u.grp = truth.grp) FROM truth",
      "SELECT id, (SELECT max(tangents_predict('M3', u.x)[0]) FROM t u WHERE u.grp = t.grp) FROM t"
    },
    {
      "SELECT truth.id, l.f FROM truth, LATERAL (SELECT f FROM truth u WHERE u.id = truth.id + 1) l",
      "SELECT t.id, l.f FROM t, LATERAL (SELECT %s AS f FROM t u WHERE u.id = t.id + 1) l"
    },
    {
      "SELECT grp, label, count(f) FROM (SELECT grp, f > 0.3 AS label, f FROM truth) GROUP BY CUBE(grp, label)",
      "SELECT grp, label, count(f) FROM (SELECT grp, %s > 0.3 AS label, %s AS f FROM t) GROUP BY CUBE(grp, label)"
    },
    {
      "SELECT count(DISTINCT f), count(DISTINCT grp), max(f) FILTER (WHERE f < 0.4) FROM truth",
      "SELECT count(DISTINCT %s), count(DISTINCT grp), max(%s) FILTER (WHERE %s < 0.4) FROM t"
    },
    {
      "SELECT a.id, b.id FROM truth a FULL JOIN truth b ON a.id = b.id AND a.f > 0.3",
      "SELECT a.id, b.id FROM t a FULL JOIN t b ON a.id = b.id AND tangents_predict('M3', a.x)[0] > 0.3"
    },
    {
      "SELECT id FROM truth a WHERE NOT EXISTS (SELECT 1 FROM truth b WHERE a.id = b.id AND a.f > 0.3)",
      "SELECT a.id FROM t a LEFT ANTI JOIN t b ON a.id = b.id AND tangents_predict('M3', a.x)[0] > 0.3"
    },
    {
      "SELECT id, transform(sequence(1, 3), i -> i * f) FROM truth",
      "SELECT id, transform(sequence(1, 3), i -> i * %s) FROM t"
    },
    {
      "SELECT id, if(f > 0.3, f, -1) FROM truth",
      "SELECT id, if(p > 0.3, p, -1) FROM (SELECT id, %s AS p FROM t)"
    },
    {"SELECT DISTINCT f FROM truth", "SELECT DISTINCT %s FROM t"},
    {
      "SELECT f FROM truth WHERE id < 3 UNION ALL SELECT f + 1 FROM truth",
      "SELECT %s FROM t WHERE id < 3 UNION ALL SELECT %s + 1 FROM t"
    },
    {
      "SELECT id FROM truth",
      "SELECT id FROM (SELECT id, explode(tangents_predict('M3', x)) FROM t) GROUP BY id"
    },
    {
      "WITH c AS (SELECT id, f FROM truth) SELECT a.id, b.f FROM c a JOIN c b ON a.id = b.id",
      "WITH c AS (SELECT id, %s AS f FROM t) SELECT a.id, b.f FROM c a JOIN c b ON a.id = b.id"
    }
  };

  private static void assertAll() {
    for (String[] pair : QUERIES) {
      assertSameRows(pair[0], pair[1].replace("%s", F));
    }
  }

  @Test
  void callsGiveThePrecomputedColumnWhereverTheyStand() {
    assertAll();
  }

  @ParameterizedTest
  @CsvSource({
    "spark.sql.codegen.wholeStage, false",
    "spark.sql.codegen.factoryMode, NO_CODEGEN",
    "spark.sql.adaptive.enabled, false",
    "spark.tangents.micro-batch, 3"
  })
  void callsGiveThePrecomputedColumnUnderOtherSettingsOfTheSession(String key, String value) {
    spark.conf().set(key, value);
    assertAll();
  }

  @Test
  void aCallMayBeAnArgumentOfAnother() {
    Dataset<Row> query = sql("SELECT id, tangents_predict('M4', tangents_predict('M4', x)) FROM t");
    assertEquals(ROWS, query.collectAsList().size());
    assertEquals(2, Plans.operators(query).size(), "one below the other");
  }

  @Test
  void callsOverResultsOfAnAggregate() {
    Dataset<Row> query =
        sql(
            "SELECT grp, tangents_predict('M3', array(avg(id), sum(id), grp, 1)), max("
                + F
                + "), count(*)"
                + " FROM t GROUP BY grp");
    assertEquals(3, query.collectAsList().size());
    assertEquals(2, Plans.operators(query).size(), "one below the aggregate, one above");
  }

  @Test
  void equalCallsAreComputedOnceAndOtherModelsByThemselves() {
    Dataset<Row> query =
        sql(
            "SELECT tangents_predict('M3', x), tangents_predict('M3', x)[1], tangents_jacobian('M3', x),"
                + " tangents_predict('M4', x), tangents_jvp('M3', x, x), tangents_jvp('M3', x, array(1, 0, 0, 0))"
                + " FROM t");
    assertEquals(ROWS, query.collectAsList().size());
    Set<Integer> calls =
        Plans.operators(query).stream()
            .map(node -> node.expressions().size())
            .collect(Collectors.toSet());
    assertEquals(3, Plans.operators(query).size(), "M3, M4, and M3 along another direction");
    assertEquals(Set.of(3 + 3, 1 + 1), calls, "calls and their columns");
  }

  private static final String FORTY =
      " FROM (SELECT id, array(id, 1, 2, 3) AS x FROM range(40)) WHERE ";

  /** In a filter, in the columns, in the order: one pass. */
  @Test
  void whatAFilterComputedIsThereAbove() {
    Dataset<Row> query =
        sql("SELECT id, " + F + " AS f, " + F + " + 1" + FORTY + F + " > 0.5 ORDER BY f");
    List<Row> rows = query.collectAsList();
    assertTrue(!rows.isEmpty() && rows.size() < 40, rows::toString);
    assertEquals(1, Plans.operators(query).size());
  }

  /** What is only computed of rows that a filter lets through has a pass of its own. */
  @Test
  void aFilterComesBeforeWhatIsDearer() {
    Dataset<Row> query = sql("SELECT " + F + ", tangents_jacobian('M3', x)" + FORTY + F + " > 0.7");
    int rows = query.collectAsList().size();
    assertEquals(2, Plans.operators(query).size());
    assertEquals(40 + rows, Plans.metric(query, "numOutputRows"));
  }

  @Test
  void whatAJoinComparedIsThereAbove() {
    Dataset<Row> query =
        sql(
            "SELECT id, j, tangents_predict('M3', x) FROM (SELECT id, array(id, 1, 2, 3) AS x FROM range(9)) JOIN"
                + " (SELECT id AS j, array(id, 1, 2, 3) AS y FROM range(9)) ON tangents_predict('M3', x) ="
                + " tangents_predict('M3', y)");
    assertEquals(9, query.collectAsList().size());
    assertEquals(2, Plans.operators(query).size(), "one on each side");
  }

  @Test
  void columnsThatNobodyWantsAreLeftOut() {
    Dataset<Row> query = sql("SELECT id, " + F + " FROM t");
    query.collectAsList();
    SparkPlan operator = Plans.operators(query).get(0);
    assertEquals(2, operator.children().head().output().size(), operator::toString);
    assertEquals(0, Plans.operators(sql("SELECT id FROM (SELECT id, " + F + " FROM t)")).size());
  }

  @Test
  void cheapConditionsAreLookedAtFirst() {
    Dataset<Row> query = sql("SELECT id FROM t WHERE " + F + " > -100 AND id % 2 = 0");
    assertEquals(ROWS / 2, query.collectAsList().size());
    assertEquals(ROWS / 2, Plans.metric(query, "numOutputRows"));
  }

  /** One batch of a partition is computed, not all of it. */
  @Test
  void aLimitEndsThePartition() {
    spark.conf().set("spark.tangents.micro-batch", "2");
    Dataset<Row> query =
        sql("SELECT id, " + F + " FROM (SELECT /*+ COALESCE(1) */ * FROM t) LIMIT 1");
    assertEquals(1, query.collectAsList().size());
    assertTrue(Plans.metric(query, "batches") <= 2, () -> Plans.operators(query).toString());
  }

  @Test
  void aConditionOverBothSidesOfAJoin() {
    double least =
        sql("SELECT avg(tangents_ntk('M3', a.x, b.x)) FROM t a CROSS JOIN t b").head().getDouble(0);
    Set<String> pairs =
        sql(
                "SELECT a.id, b.id FROM t a JOIN t b ON a.grp = b.grp AND tangents_ntk('M3', a.x, b.x) > "
                    + least)
            .collectAsList()
            .stream()
            .map(Row::toString)
            .collect(Collectors.toSet());
    Set<String> expected =
        sql(
                "SELECT i, j FROM (SELECT a.id i, b.id j, tangents_ntk('M3', a.x, b.x) k FROM t a JOIN t b ON"
                    + " a.grp = b.grp) WHERE k > "
                    + least)
            .collectAsList()
            .stream()
            .map(Row::toString)
            .collect(Collectors.toSet());
    assertTrue(!expected.isEmpty() && expected.size() < ROWS * ROWS / 3, expected::toString);
    assertEquals(expected, pairs);
    AnalysisException failure =
        assertThrows(
            AnalysisException.class,
            () ->
                sql("SELECT a.id FROM t a LEFT JOIN t b ON tangents_ntk('M3', a.x, b.x) > 1")
                    .collectAsList());
    String said = failure.getMessage();
    assertTrue(said.contains("of an inner join alone, not of LEFT OUTER"), said);
  }

  @Test
  void emptyTablesAndCachedOnes() {
    assertEquals(0, sql("SELECT " + F + " FROM t WHERE id < 0").count());
    Dataset<Row> cached = sql("SELECT id, " + F + " AS f FROM t").cache();
    try {
      assertEquals(ROWS, cached.count());
      assertEquals(ROWS, cached.where("f > -100").count());
      assertEquals(
          sql("SELECT sum(f) FROM truth").head().getDouble(0),
          cached.selectExpr("sum(f)").head().getDouble(0),
          1e-9);
    } finally {
      cached.unpersist();
    }
  }

  /** 2,000 Hessians of 128 KiB against 16 MB of numbers: no executor gets all of either. */
  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void largeValuesAreNotSentToEveryExecutor(String cbo) {
    spark.conf().set("spark.sql.cbo.enabled", cbo);
    String join =
        "SELECT v, c FROM (SELECT id, tangents_%s('mlp:32-4-32', array_repeat(float(id %% 5), 32)) v"
            + " FROM range(2000)) JOIN (SELECT id, id + 1 c FROM range(2000000)) USING (id)";
    String large = sql(join.formatted("hessian")).queryExecution().executedPlan().toString();
    assertTrue(large.contains("SortMergeJoin"), large);
    String small = sql(join.formatted("determinant")).queryExecution().executedPlan().toString();
    assertTrue(small.contains("BroadcastHashJoin"), small);
  }

  @Test
  void explainShowsWhatIsFused() {
    Dataset<Row> query = sql("SELECT tangents_predict('M3', x), tangents_hessian('M3', x) FROM t");
    QueryExecution execution = query.queryExecution();
    String plan = execution.executedPlan().toString();
    assertTrue(
        plan.contains(
            "EvalDerivatives mlp:4-8-3:tanh?seed=1, one pass: tangents_predict('mlp:4-8-3:tanh?seed=1', t.x),"
                + " tangents_hessian('mlp:4-8-3:tanh?seed=1', t.x)"),
        plan);
    String formatted = execution.explainString(FormattedMode$.MODULE$);
    assertTrue(
        formatted.contains("Model: mlp:4-8-3:tanh?seed=1\nOne pass: tangents_predict("), formatted);
  }
}
