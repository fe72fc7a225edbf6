package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries whose batches are larger than the memory of a task. */
class SqlMemoryIT {
  private static final int ROWS = 600;

  /** Hessians of 256 KiB, 150 MiB of them, in a session with a twentieth of the heap. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, h[1][2][3] v FROM hessians SORT BY v",
        "SELECT id, h[1][2][3] v, h FROM hessians SORT BY v",
        "SELECT id, v FROM (SELECT id, h[1][2][3] v, row_number() OVER (PARTITION BY id % 3 ORDER BY h) r FROM hessians)"
      })
  void sortsAboveHaveWhatTheyNeed(String query) throws IOException {
    try (SparkSession spark = Sessions.open(Map.of("spark.memory.fraction", "0.05"))) {
      spark
          .sql(
              "SELECT id, tangents_hessian('mlp:40-4-40:tanh?seed=1', transform(sequence(1, 40), i -> float(sin(i * id)))) h"
                  + " FROM range(0, %d, 1, 2)".formatted(ROWS))
          .createOrReplaceTempView("hessians");
      Dataset<Row> rows = spark.sql(query);
      List<Row> found = rows.select("id", "v").collectAsList();
      assertEquals(ROWS, found.stream().map(row -> row.getLong(0)).distinct().count());
      double sum = found.stream().mapToDouble(row -> row.getFloat(1)).sum();
      double expected =
          spark.sql("SELECT sum(double(h[1][2][3])) FROM hessians").head().getDouble(0);
      assertEquals(expected, sum, 1e-6);
    }
  }
}
