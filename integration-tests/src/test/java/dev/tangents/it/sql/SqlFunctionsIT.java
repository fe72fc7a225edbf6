package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each function in a query's text. */
class SqlFunctionsIT {
  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = Sessions.open(Map.of());
    Sessions.table(spark, 10);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static Dataset<Row> sql(String text) {
    return spark.sql(text.replace("M4", Sessions.SQUARE).replace("M3", Sessions.MODEL));
  }

  @Test
  void functionsOfOneModelAndColumnShareAPass() {
    Dataset<Row> query =
        sql("SELECT id, tangents_determinant('M4', x), tangents_jacobian('M4', x) FROM t");
    List<Row> rows = query.collectAsList();
    assertEquals(10, rows.size());
    assertEquals(1, Plans.operators(query).size());
    assertEquals(2, Plans.metric(query, "batches"), "one for each of two partitions");
    assertEquals(2, Plans.metric(query, "networkPasses"));
    assertEquals(10, Plans.metric(query, "numOutputRows"));
    for (Row row : rows) {
      double expected = Values.determinant(Values.flat(row.get(2)));
      assertEquals(expected, row.getStruct(1).getDouble(2), 1e-5);
    }
  }
}
