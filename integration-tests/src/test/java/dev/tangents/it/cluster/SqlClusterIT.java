package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions of SQL in a program of a user, whose driver and executors have a Spark, perhaps not the
 * one that we build against, and our jar.
 */
@ExtendWith(ClusterExtension.class)
class SqlClusterIT {
  private static final String EXTENSIONS = "dev.tangents.udfs.TangentsExtensions";

  @TempDir private Path folder;

  /** The text with the digits' file, their model 'M' and its options 'O'. */
  private static String query(String text) {
    return text.replace("DIGITS", "parquet.`" + Workload.SAMPLES + "`")
        .replace("'M'", "'" + Spark.ROOT.resolve("data-samples/digits-mlp.zip") + "'")
        .replace("'O'", "'model-output=logits'");
  }

  private static List<String> inOneJvm(String query) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.extensions", EXTENSIONS);
    try (SparkSession spark = builder.getOrCreate()) {
      return SqlProgram.rows(spark, query);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> onCluster(Cluster cluster, String way, String query) throws Exception {
    Map<String, String> properties = new TreeMap<>();
    properties.put("spark.jars", Spark.JAR);
    properties.put("spark.sql.shuffle.partitions", "3");
    List<String> arguments = new ArrayList<>();
    Path rows = folder.resolve("rows");
    arguments.addAll(List.of(rows.toString(), query));
    if (way.equals(SqlProgram.REGISTER)) {
      arguments.add(way);
    } else {
      properties.put("spark.sql.extensions", way);
    }
    // Executors take the BLAS kernels of this JVM, whose bits are expected.
    for (String name : List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")) {
      Optional.ofNullable(System.getenv(name))
          .ifPresent(value -> properties.put("spark.executorEnv." + name, value));
    }
    Program program = Program.of(SqlProgram.class, folder, arguments);
    try (Jvm driver = cluster.submit(program, properties)) {
      assertEquals(0, driver.exitCode(Run.PATIENCE), driver::printed);
    }
    return Files.readAllLines(rows);
  }

  /** Calls in projections, filters, joins, subqueries, and over the results of aggregates. */
  @ParameterizedTest
  @ValueSource(strings = {EXTENSIONS, SqlProgram.REGISTER})
  void rowsHaveTheBitsOfOneJvm(String way, Cluster cluster) throws Exception {
    String query =
        query(
            """
            SELECT s.id, s.f, s.j, n.k, g.f AS of_group
            FROM (
              SELECT /*+ REPARTITION(4) */ id, label,
                tangents_predict('M', features, 'O') AS f, tangents_jacobian('M', features, 'O') AS j
              FROM DIGITS
              WHERE tangents_loss('M', features, label, 'softmax-cross-entropy', 'O') > 0.01) s
            JOIN (
              SELECT a.id, tangents_ntk('M', a.features, b.features, 'O') AS k
              FROM DIGITS a
              JOIN DIGITS b ON a.id = b.id + 1 AND tangents_ntk('M', a.features, b.features, 'O') > 100
              WHERE EXISTS (
                SELECT 1 FROM DIGITS c
                WHERE c.id = a.id AND tangents_predict('M', c.features, 'O')[0] < a.id)) n
              ON s.id = n.id
            JOIN (
              SELECT label, tangents_predict('M', array_repeat(max(id) / 1797, 64), 'O') AS f
              FROM DIGITS GROUP BY label) g
              ON s.label = g.label
            ORDER BY s.id
            """);
    List<String> expected = inOneJvm(query);
    assertFalse(expected.isEmpty());
    assertEquals(expected, onCluster(cluster, way, query));
  }

  /** Sums of a group are merged in the order in which they arrive, so the last bits may differ. */
  @Test
  void sumsOfGroupsAgree(Cluster cluster) throws Exception {
    String query =
        query(
            "SELECT label, tangents_mean_ntk('M', features, 'O') AS k FROM DIGITS GROUP BY label ORDER BY label");
    List<Double> expected = sums(inOneJvm(query));
    List<Double> found = sums(onCluster(cluster, EXTENSIONS, query));
    assertEquals(10, expected.size());
    assertEquals(10, found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), found.get(i), 1e-6 * expected.get(i));
    }
  }

  private static List<Double> sums(List<String> rows) {
    return rows.stream()
        .map(row -> Double.valueOf(row.replaceAll(".*\"k\":([^,}]+).*", "$1")))
        .toList();
  }
}
