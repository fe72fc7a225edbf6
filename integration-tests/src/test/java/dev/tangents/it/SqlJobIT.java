package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Queries give the numbers of the job's files, to the last bit where batches are the same. */
class SqlJobIT {
  private static final int ROWS = 100;

  @TempDir private Path folder;

  private List<RowRuns.Entry> job(String command, String... more) throws Exception {
    Path output = folder.resolve(command + more.length);
    List<String> flags =
        new ArrayList<>(
            List.of("--model", Gram.MODEL, "--model-output", "logits", "--input", Gram.DIGITS));
    flags.addAll(List.of("--id", "id", "--limit", "" + ROWS, "--micro-batch", "32"));
    flags.addAll(List.of(more));
    RowRuns run = RowRuns.run(command, output, flags.toArray(new String[0]));
    assertEquals(0, run.code(), run.err());
    return RowRuns.entries(output);
  }

  private static String call(String function, String arguments) {
    return function + "('" + Gram.MODEL + "', features" + arguments + ", 'model-output=logits')";
  }

  private static List<Row> query(String expression) throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.extensions", "dev.tangents.udfs.TangentsExtensions")
            .config("spark.tangents.micro-batch", "32")
            .getOrCreate()) {
      spark
          .read()
          .parquet(Gram.DIGITS)
          .where("id < " + ROWS)
          .coalesce(1)
          .sortWithinPartitions("id")
          .createOrReplaceTempView("digits");
      return spark.sql("SELECT " + expression + " FROM digits").collectAsList();
    }
  }

  private static double[] flat(Object value) {
    return value instanceof Seq<?> array
        ? CollectionConverters.asJava(array).stream()
            .flatMapToDouble(element -> Arrays.stream(flat(element)))
            .toArray()
        : new double[] {((Number) value).doubleValue()};
  }

  private static void assertSameFloats(double[] expected, double[] found, String where) {
    assertEquals(expected.length, found.length, where);
    for (int i = 0; i < expected.length; i++) {
      assertEquals((float) expected[i], (float) found[i], where);
    }
  }

  @Test
  void jacobians() throws Exception {
    List<RowRuns.Entry> expected = job("jacobian");
    List<Row> found = query(call("tangents_jacobian", ""));
    assertEquals(ROWS, found.size());
    for (int n = 0; n < ROWS; n++) {
      assertSameFloats(expected.get(n).values(), flat(found.get(n).get(0)), "row " + n);
    }
  }

  @Test
  void normsOfGradients() throws Exception {
    String loss = "softmax-cross-entropy";
    List<RowRuns.Entry> expected = job("gradient", "--loss", loss, "--label", "label", "--norms");
    List<Row> found = query(call("tangents_param_gradient_norm", ", label, '" + loss + "'"));
    for (int n = 0; n < ROWS; n++) {
      assertEquals(
          expected.get(n).scalars().get("norm").floatValue(),
          (float) found.get(n).getDouble(0),
          "row " + n);
    }
  }

  @Test
  void gradientOfTheMean() throws Exception {
    String loss = "softmax-cross-entropy";
    List<RowRuns.Entry> expected = job("gradient", "--loss", loss, "--label", "label");
    Row found = query(call("tangents_gradient", ", label, '" + loss + "'")).get(0);
    Map<String, Seq<?>> byName = found.getJavaMap(0);
    assertEquals(expected.size(), byName.size());
    for (RowRuns.Entry entry : expected) {
      assertSameFloats(entry.values(), flat(byName.get(entry.key())), entry.key());
    }
  }
}
