package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of Spark ML's vectors, dense and sparse, are the numbers that arrays have. */
class SqlVectorsIT {
  private static final int ROWS = 12;

  private static SparkSession spark;

  @TempDir private Path folder;

  /** The table {@code vectors}: the same four numbers three times, of which some are 0. */
  @BeforeAll
  static void open() {
    spark = Sessions.open(Map.of("spark.tangents.dtype", "double"));
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("numbers", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("dense", SQLDataTypes.VectorType())
            .add("sparse", SQLDataTypes.VectorType());
    List<Row> rows = IntStream.range(0, ROWS).mapToObj(SqlVectorsIT::row).toList();
    spark.createDataFrame(rows, schema).repartition(2).createOrReplaceTempView("vectors");
  }

  private static Row row(int id) {
    double[] numbers = {0, 1 - 0.1 * id, 0, 0.3 * id};
    return RowFactory.create(
        id,
        numbers,
        Vectors.dense(numbers),
        Vectors.sparse(4, new int[] {1, 3}, new double[] {numbers[1], numbers[3]}));
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static List<String> rows(String select) {
    return spark
        .sql(select.replace("M3", Sessions.MODEL).replace("M4", Sessions.SQUARE))
        .toJSON()
        .collectAsList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, tangents_jacobian('M3', X) AS value FROM vectors ORDER BY id",
        "SELECT id, tangents_jvp('M3', X, X) AS value FROM vectors ORDER BY id",
        "SELECT id, tangents_vjp('M4', numbers, X) AS value FROM vectors ORDER BY id",
        "SELECT id, tangents_loss('M4', numbers, X, 'mse') AS value FROM vectors ORDER BY id",
        "SELECT id, tangents_ntk('M3', numbers, X) AS value FROM vectors ORDER BY id",
        "SELECT id, if(id > 3, tangents_predict('M3', X), NULL) AS value FROM vectors ORDER BY id",
        "SELECT id FROM vectors WHERE tangents_predict('M3', X)[0] > 0 ORDER BY id",
        "SELECT round(tangents_mean_ntk('M3', X), 9) AS value FROM vectors",
      })
  void vectorsAreTheNumbersThatTheyHave(String select) {
    List<String> expected = rows(select.replace("X", "numbers"));
    assertTrue(expected.size() > 0 && expected.size() <= ROWS, expected::toString);
    assertEquals(expected, rows(select.replace("X", "dense")));
    assertEquals(expected, rows(select.replace("X", "sparse")));
  }

  @Test
  void vectorsReadFromAFileGiveTheSameValues() {
    String file = folder.resolve("vectors").toString();
    spark.table("vectors").write().parquet(file);
    Dataset<Row> read = spark.read().parquet(file);
    assertInstanceOf(UserDefinedType.class, read.schema().apply("sparse").dataType());
    read.createOrReplaceTempView("read");
    String select = "SELECT id, tangents_predict('M3', sparse) AS value FROM TABLE ORDER BY id";
    assertEquals(rows(select.replace("TABLE", "vectors")), rows(select.replace("TABLE", "read")));
  }

  @Test
  void aVectorOfAnotherLengthIsNamed() {
    StructType schema = new StructType().add("x", SQLDataTypes.VectorType());
    Row wrong = RowFactory.create(Vectors.sparse(5, new int[] {4}, new double[] {1}));
    spark.createDataFrame(List.of(wrong), schema).createOrReplaceTempView("wrong");
    Exception failure =
        assertThrows(Exception.class, () -> rows("SELECT tangents_predict('M3', x) FROM wrong"));
    assertTrue(
        failure.getMessage().contains("tangents_predict: a row has x = "), failure::getMessage);
    assertTrue(
        failure.getMessage().contains("5 features; the model expects 4"), failure::getMessage);
  }
}
