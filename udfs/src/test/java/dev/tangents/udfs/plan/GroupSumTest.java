package dev.tangents.udfs.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Precision;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.function.Functions;
import dev.tangents.udfs.function.SumFunction;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of a group, a batch at a time, and sums that meet. */
@ExtendWith(SparkExtension.class)
class GroupSumTest {
  private static final int BATCH = 4;
  private static final SumFunction FUNCTION =
      Functions.ofGroups().stream()
          .filter(function -> function.name().equals("tangents_mean_ntk"))
          .findFirst()
          .orElseThrow();

  private RunningTask running;

  GroupSumTest(SparkFixture fixture) {
    assertEquals("local[1]", fixture.spark().sparkContext().master(), "tasks ask who they are");
  }

  @BeforeEach
  void begin() {
    running = new RunningTask(64 * RunningTask.MIB);
  }

  @AfterEach
  void end() {
    running.close();
  }

  private static GroupSum sum(int batch) {
    var arguments = List.of(Catalyst.literal(Catalyst.MODEL), Catalyst.vector("x"));
    DerivativeAggregate call =
        new DerivativeAggregate(FUNCTION, Output.seq(arguments), Precision.DOUBLE, 0, 0, null);
    QuerySettings settings =
        new QuerySettings(
            EngineName.REFERENCE, batch, 64 << 20, Duration.ofMinutes(1), RunningTask.MIB);
    ModelStore.Sent model =
        new ModelStore.Sent(call.constants().model().load(path -> null), new NoFiles());
    return new GroupSum(GroupTask.of(call, model, settings));
  }

  private static InternalRow row(float... x) {
    return new GenericInternalRow(new Object[] {x == null ? null : new GenericArrayData(x)});
  }

  /** Of rows from one number to another. */
  private static GroupSum sum(int batch, int from, int to) {
    GroupSum sum = sum(batch);
    IntStream.range(from, to).forEach(i -> sum.add(row(0.3f * i - 1, 1 - 0.2f * i)));
    return sum;
  }

  private static Double value(GroupSum sum) {
    return (Double) sum.value(FUNCTION.form(2).result());
  }

  @Test
  void ofNoRowsThereIsNoValue() {
    assertNull(value(sum(BATCH)));
    assertNull(value(sum(BATCH).add(row((float[]) null))));
    assertNull(value(sum(BATCH).add(sum(BATCH))));
    assertNull(value(sum(BATCH).read(sum(BATCH).bytes())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 8, 9})
  void batchesMakeNoDifference(int rows) {
    double alone = value(sum(1, 0, rows));
    assertTrue(alone > 0);
    assertEquals(alone, value(sum(BATCH, 0, rows)), 1e-12 * alone);
  }

  @Test
  void aRowWithANullDoesNotCount() {
    GroupSum sum = sum(BATCH, 0, 2);
    sum.add(row((float[]) null)).add(row((float[]) null)).add(row((float[]) null));
    assertEquals(value(sum(BATCH, 0, 2)), value(sum));
  }

  @Test
  void partsMakeTheWhole() {
    double whole = value(sum(BATCH, 0, 9));
    assertEquals(whole, value(sum(BATCH, 0, 5).add(sum(BATCH, 5, 9))), 1e-12 * whole);
    assertEquals(whole, value(sum(BATCH).add(sum(BATCH, 0, 9))), "as if it were alone");
    assertEquals(whole, value(sum(BATCH, 0, 9).add(sum(BATCH))));
  }

  @Test
  void aSumTravelsAsBytes() {
    GroupSum sum = sum(BATCH, 0, 7);
    assertEquals(value(sum), value(sum(BATCH).read(sum.bytes())));
    double whole = value(sum(BATCH, 0, 9));
    GroupSum goesOn = sum(BATCH).read(sum(BATCH, 0, 5).bytes());
    assertEquals(whole, value(goesOn.add(sum(BATCH, 5, 9))), 1e-12 * whole);
  }

  @Test
  void aTaskThatWasKilledComputesNothing() {
    GroupSum sum = sum(BATCH, 0, 3);
    running.context().markInterrupted("for a test");
    InternalRow last = row(1, 1);
    assertThrows(TaskKilledException.class, () -> sum.add(last));
  }
}
