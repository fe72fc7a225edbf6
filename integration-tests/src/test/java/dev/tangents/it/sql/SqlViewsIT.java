package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Views and functions of SQL compute in the width that they were made with, which they show. */
class SqlViewsIT {
  private static final String DTYPE = "spark.tangents.dtype";
  private static final String F = "tangents_predict('" + Sessions.MODEL + "', x)";
  private static final String QUERY = "SELECT id, " + F + " AS f FROM t";

  private SparkSession spark;

  @BeforeEach
  void open() {
    spark = Sessions.open(Map.of());
    Sessions.table(spark, 6);
  }

  @AfterEach
  void close() {
    spark.stop();
  }

  private List<Row> rows(String query) {
    return spark.sql(query + " ORDER BY id").collectAsList();
  }

  private String type(String query) {
    return spark.sql(query).schema().apply("f").dataType().simpleString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "CREATE TEMP VIEW v AS QUERY ; SELECT * FROM v",
        "CREATE GLOBAL TEMP VIEW v AS QUERY ; SELECT * FROM global_temp.v",
        "CREATE TEMP FUNCTION g(x ARRAY<FLOAT>) RETURN CALL ; SELECT id, g(x) AS f FROM t",
        "CREATE TEMP FUNCTION g() RETURNS TABLE RETURN QUERY ; SELECT * FROM g()",
        "CREATE TEMP VIEW v AS SELECT * FROM (QUERY) WHERE f[0] < 9 ; SELECT * FROM (SELECT * FROM v)",
      })
  void keepTheWidthThatTheyWereMadeWith(String create, String read) {
    List<Row> floats = rows(QUERY);
    spark.sql("SET " + DTYPE + "=double");
    List<Row> doubles = rows(QUERY);
    assertNotEquals(floats.toString(), doubles.toString());
    spark.sql(create.replace("QUERY", QUERY).replace("CALL", F));
    assertEquals("array<double>", type(read));
    assertEquals(doubles, rows(read));
    spark.sql("SET " + DTYPE + "=float");
    assertEquals("array<double>", type(read));
    assertEquals(doubles, rows(read));
    assertEquals(floats, rows(QUERY));
    spark.sql("RESET " + DTYPE);
    assertEquals(doubles, rows(read));
  }

  @Test
  void ofFloatsStayFloats() {
    spark.sql("CREATE TEMP VIEW v AS " + QUERY);
    List<Row> floats = rows(QUERY);
    spark.conf().set(DTYPE, "double");
    assertEquals("array<float>", type("SELECT * FROM v"));
    assertEquals(floats, rows("SELECT * FROM v"));
  }

  /** A session that was started with a width. */
  @Test
  void ofAWidthThatTheSessionStartedWith() {
    spark.stop();
    spark = Sessions.open(Map.of(DTYPE, "double"));
    Sessions.table(spark, 6);
    spark.sql("CREATE TEMP VIEW v AS " + QUERY);
    assertEquals("array<double>", type("SELECT * FROM v"));
    assertEquals(rows(QUERY), rows("SELECT * FROM v"));
    assertEquals(rows(QUERY), spark.table("v").orderBy("id").collectAsList());
  }

  /** What concerns how it is computed is that of who reads it. */
  @Test
  void takeOtherSettingsFromWhoReads() {
    spark.sql("CREATE TEMP VIEW v AS " + QUERY);
    spark.conf().set("spark.tangents.micro-batch", "1");
    var read = spark.sql("SELECT * FROM v");
    read.collectAsList();
    assertEquals(6, Plans.metric(read, "batches"));
  }
}
