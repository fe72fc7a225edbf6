package dev.tangents.job.stage.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelInput;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.job.io.input.InputTable;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.testkit.SparkExtension;
import dev.tangents.udfs.sample.BinaryType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
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
    assertInstanceOf(ShuffledSamples.class, sorted, "runs overlap");
    assertEquals(
        LongStream.range(0, 101).boxed().toList(), panels(sorted, 1000, Panels.NONE).get(0));
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
    assertEquals(
        56L, sorted.byPanel(new Panels(5, 7).and(61), new Panels(5, 7)).keys().collect().get(51));
  }

  /** Spark deals files out to partitions: each has some of those that lie between the other's. */
  @Test
  void filesOfOnePartitionMayLieBetweenThoseOfAnother(SparkSession spark) {
    String size = "spark.sql.files.maxPartitionBytes";
    String cost = "spark.sql.files.openCostInBytes";
    spark.conf().set(size, "32k");
    spark.conf().set(cost, "10k");
    try {
      String sql = "select id, array(double(id)) as a from range(0, 80, 1, 8)";
      InputTable table = table(spark, sql, "t");
      List<PlaceRuns> partitions = table.places().mapPartitions(PlaceRuns::of).collect();
      assertTrue(partitions.size() > 1 && partitions.size() < 8, partitions.size() + " partitions");
      SortedSamples sorted = sort(spark, sql, 61);
      assertInstanceOf(SamplesInOrder.class, sorted);
      assertEquals(
          LongStream.range(0, 61).boxed().toList(), panels(sorted, 61, Panels.NONE).get(0));
    } finally {
      spark.conf().unset(size);
      spark.conf().unset(cost);
    }
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
      for (long limit : List.of(-1L, 18L)) {
        SortedSamples sorted = SortedSamples.of(first.places(), then.samples(), "t", 2, limit);
        assertInstanceOf(SamplesInOrder.class, sorted);
        List<Long> ids = panels(sorted, 20, new Panels(3, 20)).get(0);
        assertEquals(ids.stream().sorted().toList(), ids);
        assertEquals(limit < 0 ? 20 : limit, ids.size());
      }
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
    for (String id : List.of("id", "id * 7 % 10")) {
      SortedSamples sorted =
          sort(spark, "select " + id + " as id, array(1D) as a from range(0, 10, 1, 1)", -1);
      assertEquals(id.equals("id"), sorted instanceof SamplesInOrder);
      Panels panels = new Panels(11, 100);
      Exception e =
          assertThrows(Exception.class, () -> sorted.byPanel(panels, Panels.NONE).collect());
      assertTrue(
          e.getMessage().contains("changed while it was read: a panel of 11 samples has 10"),
          e::getMessage);
    }
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
    assertEquals(List.of(List.of(0L, 1L, 2L)), panels(sorted, SIZE, Panels.NONE));
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

  /** Columns are wrong where no row can be used, and not where those within the limit cannot. */
  @ParameterizedTest
  @ValueSource(strings = {"id", "2999 - id"})
  void whatToDoDependsOnAllRows(String id, SparkSession spark) {
    String from = " from (select " + id + " as id from range(0, 3000, 1, 1))";
    String some = refused(spark, "select id, if(id < 3, null, array(1D)) as a" + from, 3);
    assertTrue(some.endsWith("\nRepair them, or leave them out with --where"), some);
    String all = refused(spark, "select id, array(1D, 2D) as a" + from, -1);
    assertTrue(all.contains("No row can be used: choose other columns with --features"), all);
  }

  /** The driver collects this of every partition. */
  @Test
  void aPartitionInNoOrderIsSoonTold(SparkSession spark) throws IOException {
    String sql = "select 2999 - id as id, array(1D) as a from range(0, 3000, 1, 1)";
    PlaceRuns runs = table(spark, sql, "t").places().mapPartitions(PlaceRuns::of).collect().get(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(runs);
    }
    assertTrue(bytes.size() < 500, bytes.size() + " bytes");
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
            Precision.DOUBLE,
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
