package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.package$;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Functions of SQL on executors of their own, which have the jar and nothing else. */
@ExtendWith(ClusterExtension.class)
class SqlClusterIT {
  private static final String MODEL = Spark.ROOT.resolve("data-samples/digits-mlp.zip").toString();
  private static final String OPTIONS = "'model-output=logits'";

  /** The rows of a query over the digits. */
  private static List<Row> rows(Map<String, String> properties, String select) {
    SparkSession.Builder builder = SparkSession.builder();
    Map<String, String> all = new TreeMap<>(properties);
    all.put("spark.ui.enabled", "false");
    all.put("spark.driver.host", "127.0.0.1");
    all.put("spark.driver.bindAddress", "127.0.0.1");
    all.put("spark.sql.shuffle.partitions", "3");
    all.put("spark.sql.extensions", "dev.tangents.udfs.TangentsExtensions");
    all.forEach(builder::config);
    try (SparkSession spark = builder.getOrCreate()) {
      spark.read().parquet(Workload.SAMPLES).repartition(4).createOrReplaceTempView("digits");
      return spark.sql(select).collectAsList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, String> onCluster(Cluster cluster) {
    // The driver is this JVM, so its Spark must be the cluster's.
    assumeTrue(Spark.isOf(package$.MODULE$.SPARK_VERSION()), "The cluster has another Spark");
    Map<String, String> properties = new TreeMap<>();
    properties.put("spark.master", cluster.master());
    properties.put("spark.jars", Spark.JAR);
    properties.put("spark.executor.cores", "1");
    properties.put("spark.executor.memory", Spark.HEAP_MIB + "m");
    properties.put(
        "spark.executor.extraJavaOptions",
        "-Dorg.bytedeco.javacpp.maxbytes="
            + Spark.NATIVE_MIB
            + "m -Dorg.nd4j.log.initialization=false");
    return properties;
  }

  @Test
  void rowsHaveTheBitsOfOneJvm(Cluster cluster) {
    String select =
        "SELECT id, tangents_predict('%1$s', features, %2$s), tangents_jacobian('%1$s', features, %2$s)"
                .formatted(MODEL, OPTIONS)
            + " FROM digits WHERE tangents_loss('%s', features, label, 'softmax-cross-entropy', %s) > 0.01 ORDER BY id"
                .formatted(MODEL, OPTIONS);
    List<Row> expected = rows(Map.of("spark.master", "local[2]"), select);
    assertEquals(List.of(), expected.stream().filter(Row::anyNull).toList());
    assertEquals(expected, rows(onCluster(cluster), select));
  }

  /** Sums of a group are merged in the order in which they arrive, so the last bits may differ. */
  @Test
  void sumsOfGroupsAgree(Cluster cluster) {
    String select =
        "SELECT label, tangents_mean_ntk('%s', features, %s) AS k FROM digits GROUP BY label ORDER BY label"
            .formatted(MODEL, OPTIONS);
    List<Row> expected = rows(Map.of("spark.master", "local[2]"), select);
    List<Row> found = rows(onCluster(cluster), select);
    assertEquals(10, expected.size());
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      double k = expected.get(i).getDouble(1);
      assertEquals(k, found.get(i).getDouble(1), 1e-6 * k);
    }
  }
}
