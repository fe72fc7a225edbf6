package dev.tangents.udfs.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Precision;
import dev.tangents.udfs.executor.EngineName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.collection.immutable.Seq;

/** Rows that become batches, and batches that become rows. */
@ExtendWith(SparkExtension.class)
class BatchIteratorTest {
  private static final long PLENTY = 64 * RunningTask.MIB;
  private static final int BATCH = 4;

  private static final Attribute ID = Catalyst.column("id", DataTypes.IntegerType);
  private static final Attribute X = Catalyst.vector("x");
  private static final Attribute V = Catalyst.vector("v");
  private static final Attribute LOAD = Catalyst.column("load", DataTypes.BinaryType);
  private static final Seq<Attribute> INPUT = Output.seq(List.of(ID, X, V, LOAD));

  private final SparkFixture fixture;
  private final PassMetrics metrics;

  BatchIteratorTest(SparkFixture fixture) {
    this.fixture = fixture;
    this.metrics = new PassMetrics(fixture.spark().sparkContext());
  }

  /** A row of the result: its number, the outputs at x, the derivative along v. */
  private record Found(int id, List<Double> outputs, List<Double> alongV) {
    static Found of(InternalRow row) {
      return new Found(row.getInt(0), numbers(row, 4), numbers(row, 5));
    }

    private static List<Double> numbers(InternalRow row, int place) {
      return row.isNullAt(place)
          ? null
          : IntStream.range(0, 2).mapToObj(i -> row.getArray(place).getDouble(i)).toList();
    }
  }

  /** Rows of a source that counts those which were taken of it. */
  private static final class Source implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private int taken;

    Source(List<InternalRow> rows) {
      this.rows = rows.iterator();
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      taken++;
      return rows.next();
    }
  }

  private static InternalRow row(int id, float[] x, float[] v, int load) {
    Object[] values = {id, array(x), array(v), load == 0 ? null : new byte[load]};
    return UnsafeProjection.create(Output.bound(INPUT), INPUT)
        .apply(new GenericInternalRow(values))
        .copy();
  }

  private static Object array(float... numbers) {
    return numbers == null ? null : new GenericArrayData(numbers);
  }

  private static InternalRow row(int id) {
    return row(id, new float[] {0.1f * id, 1 - id}, new float[] {1, id}, 0);
  }

  private static List<InternalRow> rows(int count) {
    return IntStream.range(0, count).mapToObj(BatchIteratorTest::row).toList();
  }

  /** The rows with results as a task gives them, which computes so many at once. */
  private Iterator<InternalRow> run(int batch, Iterator<InternalRow> source, PassMetrics counted) {
    QuerySettings settings =
        new QuerySettings(
            EngineName.REFERENCE, batch, PLENTY, Duration.ofMinutes(1), RunningTask.MIB);
    var calls =
        List.of(
            Catalyst.callOf(Catalyst.MODEL, Precision.DOUBLE, "predict", X),
            Catalyst.callOf(Catalyst.MODEL, Precision.DOUBLE, "jvp", X, V));
    EvalDerivatives node =
        Catalyst.computed(Catalyst.table(ID, X, V, LOAD), calls.get(0), calls.get(1));
    PassPlan.Pass pass =
        PassPlan.of(calls, calls.get(0).constants().model().load(path -> null), settings);
    return new PassTask(
            pass,
            PassResult.of(calls, pass.needed()),
            new NoFiles(),
            settings,
            counted,
            INPUT,
            node.output())
        .run(0, source);
  }

  private List<Found> found(int batch, List<InternalRow> rows) {
    return found(run(batch, new Source(rows), metrics));
  }

  /** Each row by itself. */
  private List<Found> alone(List<InternalRow> rows) {
    return found(run(1, new Source(rows), new PassMetrics(fixture.spark().sparkContext())));
  }

  private static List<Found> found(Iterator<InternalRow> results) {
    List<Found> found = new ArrayList<>();
    results.forEachRemaining(row -> found.add(Found.of(row)));
    return found;
  }

  private long metric(String name) {
    return metrics.byName().apply(name).value();
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 1, 3", "3, 1, 1", "4, 1, 0", "5, 2, 3", "8, 2, 0", "9, 3, 3"})
  void batchesAreFullButForTheLast(int count, int batches, int padding) {
    try (RunningTask task = new RunningTask(PLENTY)) {
      List<Found> found = found(BATCH, rows(count));
      assertEquals(batches, metric("batches"));
      assertEquals(padding, metric("paddedRows"));
      assertEquals(count, metric("numOutputRows"));
      assertEquals(0, metric("batchesClosedEarly"));
      assertEquals(0, task.used(), "the last batch gave back what it had");
      assertEquals(alone(rows(count)), found);
      assertEquals(count, found.stream().map(Found::outputs).distinct().count());
    }
  }

  @Test
  void aNullMakesNullOfWhatNeedsIt() {
    float[] x = {0.5f, -1};
    float[] v = {1, 2};
    List<InternalRow> rows =
        List.of(row(0, x, v, 0), row(1, null, v, 0), row(2, x, null, 0), row(3, null, null, 0));
    try (RunningTask task = new RunningTask(PLENTY)) {
      List<Found> found = found(BATCH, rows);
      Found whole = alone(rows.subList(0, 1)).get(0);
      assertEquals(
          List.of(
              whole,
              new Found(1, null, null),
              new Found(2, whole.outputs(), null),
              new Found(3, null, null)),
          found);
      assertEquals(BATCH - 2, metric("paddedRows"), "rows without a value are not computed");
      assertEquals(0, task.used());
    }
  }

  /** Batches of as many samples, of fewer, of none, and of as many again. */
  @Test
  void nullsBetweenBatchesChangeNothing() {
    List<InternalRow> rows = new ArrayList<>(rows(6 * BATCH));
    for (int gone : new int[] {5, 8, 9, 10, 11, 14}) {
      rows.set(gone, row(gone, null, new float[] {1, 1}, 0));
    }
    try (RunningTask task = new RunningTask(PLENTY)) {
      assertEquals(alone(rows), found(BATCH, rows));
      assertEquals(6, metric("batches"));
      assertEquals(0, task.used());
    }
  }

  @Test
  void aBatchOfNullsNeedsNoNetwork() {
    try (RunningTask task = new RunningTask(PLENTY)) {
      assertEquals(List.of(new Found(7, null, null)), found(BATCH, List.of(row(7, null, null, 0))));
      assertEquals(1, metric("batches"));
      assertEquals(0, metric("networkPasses"));
      assertEquals(0, task.used());
    }
  }

  @Test
  void rowsAreTakenABatchAtATime() {
    try (RunningTask task = new RunningTask(PLENTY)) {
      Source source = new Source(rows(9));
      Iterator<InternalRow> results = run(BATCH, source, metrics);
      assertEquals(0, source.taken);
      assertTrue(results.hasNext());
      assertTrue(results.hasNext());
      assertEquals(BATCH, source.taken);
      for (int i = 0; i < BATCH; i++) {
        assertEquals(i, results.next().getInt(0));
      }
      assertEquals(BATCH, source.taken);
      assertTrue(task.used() > 0);
      assertEquals(BATCH, results.next().getInt(0));
      assertEquals(2 * BATCH, source.taken);
    }
  }

  @Test
  void behindTheLastRowThereIsNone() {
    try (RunningTask task = new RunningTask(PLENTY)) {
      Iterator<InternalRow> none = run(BATCH, new Source(List.of()), metrics);
      assertFalse(none.hasNext());
      assertThrows(NoSuchElementException.class, none::next);
      assertEquals(0, task.used());
    }
  }

  /** Rows of 0.7 MiB, of which some fit. */
  @Test
  void batchesAreSmallerWhereMemoryIs() {
    List<InternalRow> rows =
        IntStream.range(0, 10)
            .mapToObj(i -> row(i, new float[] {i, 1}, new float[] {1, i}, 700 << 10))
            .toList();
    try (RunningTask task = new RunningTask(4 * RunningTask.MIB)) {
      List<Found> found = found(256, rows);
      assertEquals(4, metric("batches"), "of three rows: the third was one too many");
      assertEquals(3, metric("batchesClosedEarly"));
      assertEquals(0, task.used());
      assertEquals(alone(rows), found);
    }
  }

  /** Rows are gathered while the arrays of the last batch are there for the next. */
  @Test
  void arraysThatAreKeptForTheNextBatchAreCounted() {
    try (RunningTask task = new RunningTask(PLENTY)) {
      List<Boolean> held = new ArrayList<>();
      Iterator<InternalRow> source =
          rows(2 * BATCH).stream().peek(row -> held.add(task.used() > 0)).iterator();
      assertEquals(2 * BATCH, found(run(BATCH, source, metrics)).size());
      assertFalse(held.get(0), "of the first batch");
      assertTrue(held.get(BATCH), "of the second");
      assertEquals(0, task.used());
    }
  }

  @Test
  void aRowBeyondAllMemoryIsABatchOfItsOwn() {
    List<InternalRow> rows =
        IntStream.range(0, 3)
            .mapToObj(i -> row(i, new float[] {i, 1}, new float[] {1, i}, 2 << 20))
            .toList();
    try (RunningTask task = new RunningTask(RunningTask.MIB)) {
      assertEquals(alone(rows), found(256, rows));
      assertEquals(3, metric("batches"));
      assertEquals(3, metric("batchesClosedEarly"));
      assertEquals(0, task.used());
    }
  }

  @Test
  void aTaskThatEndsInTheMiddleKeepsNothing() {
    try (RunningTask task = new RunningTask(PLENTY)) {
      run(BATCH, new Source(rows(9)), metrics).next();
      assertTrue(task.used() > 0);
      task.succeed();
      assertEquals(0, task.used(), "LIMIT asks for no more rows");
    }
  }

  @Test
  void aRowThatIsNoneFailsTheTaskWhichKeepsNothing() {
    List<InternalRow> rows = new ArrayList<>(rows(2));
    rows.add(row(2, new float[] {1, 2, 3}, new float[] {1, 1}, 0));
    try (RunningTask task = new RunningTask(PLENTY)) {
      Iterator<InternalRow> results = run(BATCH, rows.iterator(), metrics);
      SparkRuntimeException failure = assertThrows(SparkRuntimeException.class, results::hasNext);
      assertTrue(
          failure.getMessage().contains("tangents_predict: a row has x = [1.0, 2.0, 3.0]"),
          failure::getMessage);
      assertTrue(task.used() > 0, "of the rows before");
      task.fail(failure);
      assertEquals(0, task.used());
    }
  }

  @Test
  void aTaskThatWasKilledComputesNothing() {
    try (RunningTask task = new RunningTask(PLENTY)) {
      Iterator<InternalRow> results = run(BATCH, new Source(rows(9)), metrics);
      task.context().markInterrupted("for a test");
      assertThrows(TaskKilledException.class, results::hasNext);
      assertEquals(0, metric("networkPasses"));
    }
  }
}
