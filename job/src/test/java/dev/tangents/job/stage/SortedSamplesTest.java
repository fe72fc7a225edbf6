package dev.tangents.job.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelInput;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.job.io.InputTable;
import dev.tangents.job.io.Sample;
import dev.tangents.job.testkit.SparkExtension;
import dev.tangents.udfs.sample.BinaryType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkExtension.class)
class SortedSamplesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9})
  void indexDoesNotDependOnPartitions(int partitions, SparkSession spark) {
    SortedSamples sorted =
        sort(
            spark,
            "select (id * 37) % 101 as id, array(1D) as a from range(0, 101, 1, "
                + partitions
                + ")",
            -1);
    Map<Long, Sample> indexed = sorted.indexed(0).collectAsMap();
    assertEquals(101, indexed.size());
    for (long i = 0; i < 101; i++) {
      assertEquals(i, indexed.get(i).id().integer());
    }
  }

  @Test
  void limitTakesTheFirstInTheirOrder(SparkSession spark) {
    SortedSamples sorted = sort(spark, "select 9 - id as id, array(1D) as a from range(10)", 3);
    assertEquals(3, sorted.count());
    List<Long> ids =
        sorted.indexed(0).sortByKey().values().collect().stream()
            .map(sample -> sample.id().integer())
            .toList();
    assertEquals(List.of(0L, 1L, 2L), ids);
  }

  @Test
  void oneRowIsEnough(SparkSession spark) {
    assertEquals(1, sort(spark, "select 1 as id, array(1D) as a", -1).count());
  }

  @Test
  void noRowIsAnError(SparkSession spark) {
    String message = refused(spark, "select id, array(1D) as a from range(3) where id > 5", -1);
    assertEquals("input: t holds no row that is used. Check --input and --where", message);
  }

  @Test
  void sameIdTwiceIsNamed(SparkSession spark) {
    String message =
        refused(spark, "select id % 4 as id, array(1D) as a from range(0, 5, 1, 2)", -1);
    assertTrue(message.startsWith("input: t has rows that cannot be used:\n  part-"), message);
    assertTrue(message.contains("(id 0): the id is that of part-"), message);
    assertTrue(message.endsWith("\nRepair them, or leave them out with --where"), message);
  }

  @Test
  void firstFaultsAreListedInOrder(SparkSession spark) {
    String sql = "select id, if(id >= 3, null, array(1D)) as a from range(0, 20, 1, 3)";
    String message = refused(spark, sql, -1);
    List<String> lines = message.lines().toList();
    assertEquals(8, lines.size(), message);
    for (int i = 0; i < 5; i++) {
      assertTrue(lines.get(1 + i).endsWith("(id " + (3 + i) + "): the features are null"), message);
    }
    assertEquals("  and 12 more", lines.get(6));
    assertEquals(3, sort(spark, sql, 3).count(), "faults beyond the limit do not matter");
  }

  private SortedSamples sort(SparkSession spark, String sql, long limit) {
    String path = folder.resolve("t").toString();
    spark.sql(sql).write().mode("overwrite").parquet(path);
    InputTable.Spec spec =
        new InputTable.Spec(
            InputFormat.AUTO,
            "a",
            Optional.of("id"),
            Optional.empty(),
            Optional.empty(),
            BinaryType.FLOAT,
            1,
            0,
            Map.of());
    InputTable table = InputTable.open(spark, path, spec, x(1));
    return SortedSamples.of(table.places(), table.samples(), "t", 2, limit);
  }

  private String refused(SparkSession spark, String sql, long limit) {
    return assertThrows(TangentsException.class, () -> sort(spark, sql, limit)).getMessage();
  }

  private static List<ModelInput> x(long width) {
    return List.of(new ModelInput("x", true, List.of(width)));
  }
}
