package dev.tangents.job.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelInput;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.job.io.InputTable;
import dev.tangents.job.io.Sample;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.testkit.SparkExtension;
import dev.tangents.udfs.sample.BinaryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkExtension.class)
class SortedSamplesTest {
  private static final int SIZE = 4;

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

  /** A file whose rows ascend needs no sorting, wherever it lies among the others. */
  @Test
  void filesInOrderGoStraightToTheirPanels(SparkSession spark) {
    String sql =
        "select id + 1 as id, array(double(id)) as a from range(0, 50, 1, 1)"
            + " union all select -id, array(double(-id)) from range(0, 21, 1, 1) where id > 20"
            + " union all select id - 30, array(double(id)) from range(0, 20, 1, 1)";
    SortedSamples sorted = sort(spark, sql, 61);
    assertInstanceOf(SamplesInOrder.class, sorted);
    assertEquals(List.of(-30L, -29L, -28L, -27L), panels(sorted, SIZE, Panels.NONE).get(0));
    List<List<Long>> panels = panels(sorted, 7, new Panels(5, 7));
    assertEquals(9, panels.size());
    assertEquals(List.of(37L, 38L, 39L, 40L, 41L), panels.get(8));
    assertEquals(61, sorted.indexed(5).count());
    assertEquals(40L, sorted.indexed(5).collectAsMap().get(64L).id().integer());
  }

  @Test
  void rowsInNoOrderAreSorted(SparkSession spark) {
    String sql = "select 3001 - id as id, array(1D) as a from range(0, 3002, 1, 2)";
    SortedSamples sorted = sort(spark, sql, -1);
    assertInstanceOf(ShuffledSamples.class, sorted);
    List<List<Long>> panels = panels(sorted, 500, Panels.NONE);
    assertEquals(7, panels.size());
    assertEquals(LongStream.range(500, 1000).boxed().toList(), panels.get(1));
    assertEquals(List.of(3000L, 3001L), panels.get(6));
  }

  /** Whatever has moved a row between the first look and the second: its index must be right. */
  @Test
  void rowsThatHaveMovedAreSortedAfterAll(SparkSession spark) {
    InputTable first = table(spark, "select id, array(1D) as a from range(0, 20, 1, 1)", "first");
    for (String order : List.of("19 - id", "id * 7 % 20", "if(id = 19, 30, id)")) {
      InputTable then =
          table(
              spark, "select " + order + " as id, array(1D) as a from range(0, 20, 1, 1)", "then");
      SortedSamples sorted = SortedSamples.of(first.places(), then.samples(), "t", 2, -1);
      assertInstanceOf(SamplesInOrder.class, sorted);
      List<Long> ids = panels(sorted, 20, Panels.NONE).get(0);
      assertEquals(ids.stream().sorted().toList(), ids);
      assertEquals(20, ids.size());
    }
  }

  @Test
  void rowsThatHaveGoneAreAnError(SparkSession spark) {
    InputTable first = table(spark, "select id, array(1D) as a from range(0, 20, 1, 1)", "first");
    for (String where : List.of("id < 19", "id > 0", "id % 2 = 0")) {
      String sql = "select id, array(1D) as a from range(0, 20, 1, 1) where " + where;
      InputTable then = table(spark, sql, "then");
      SortedSamples sorted = SortedSamples.of(first.places(), then.samples(), "t", 2, -1);
      Panels panels = new Panels(sorted.count(), SIZE);
      String message =
          assertThrows(TangentsException.class, () -> sorted.check(panels, Panels.NONE))
              .getMessage();
      assertTrue(
          message.startsWith("input: t changed while it was read: it had 20 samples, and now has"),
          message);
    }
  }

  /** What is computed from a panel must be of all its samples. */
  @Test
  void aPanelThatIsNotWholeIsAnError(SparkSession spark) {
    SortedSamples sorted =
        sort(spark, "select 9 - id as id, array(1D) as a from range(0, 10, 1, 2)", -1);
    Panels panels = new Panels(11, 100);
    Exception e =
        assertThrows(Exception.class, () -> sorted.byPanel(panels, Panels.NONE).collect());
    assertTrue(
        e.getMessage().contains("changed while it was read: a panel of 11 samples has 10"),
        e::getMessage);
  }

  /** The ids of each panel. */
  private static List<List<Long>> panels(SortedSamples sorted, int size, Panels known) {
    Panels all =
        known.samples() == 0 ? new Panels(sorted.count(), size) : known.and(sorted.count());
    return sorted
        .byPanel(all, known)
        .mapPartitions(
            rows -> {
              List<Long> ids = new ArrayList<>();
              rows.forEachRemaining(row -> ids.add(row._2().id().integer()));
              return List.of(ids).iterator();
            })
        .collect();
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

  /** Of rows in order, and of rows that are sorted first. */
  @ParameterizedTest
  @ValueSource(strings = {"range(0, 20, 1, 3)", "(select 2999 - id as id from range(3000))"})
  void firstFaultsAreListedInOrder(String rows, SparkSession spark) {
    String sql = "select id, if(id >= 3, null, array(1D)) as a from " + rows;
    boolean few = rows.startsWith("range");
    String message = refused(spark, sql, -1);
    List<String> lines = message.lines().toList();
    assertEquals(8, lines.size(), message);
    for (int i = 0; i < 5; i++) {
      assertTrue(lines.get(1 + i).endsWith("(id " + (3 + i) + "): the features are null"), message);
    }
    assertEquals(few ? "  and 12 more" : "  and 2992 more", lines.get(6));
    assertEquals(3, sort(spark, sql, 3).count(), "faults beyond the limit do not matter");
  }

  private SortedSamples sort(SparkSession spark, String sql, long limit) {
    InputTable table = table(spark, sql, "t");
    SortedSamples sorted = SortedSamples.of(table.places(), table.samples(), "t", 2, limit);
    sorted.check(new Panels(sorted.count(), SIZE), Panels.NONE);
    return sorted;
  }

  private InputTable table(SparkSession spark, String sql, String name) {
    String path = folder.resolve(name).toString();
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
    return InputTable.open(spark, path, spec, x(1));
  }

  private String refused(SparkSession spark, String sql, long limit) {
    return assertThrows(TangentsException.class, () -> sort(spark, sql, limit)).getMessage();
  }

  private static List<ModelInput> x(long width) {
    return List.of(new ModelInput("x", true, List.of(width)));
  }
}
