package dev.tangents.udfs.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostArrays;
import dev.tangents.rows.RowBatch;
import dev.tangents.rows.RowValues;
import dev.tangents.rows.SampleInput;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * Gathers rows into batches, has them computed, and gives the rows with their results. Pulls no row
 * before it is asked for one, and then at most a batch.
 */
final class BatchIterator implements Iterator<InternalRow> {
  private final PassTask task;
  private final Iterator<InternalRow> source;
  private final UnsafeProjection read;
  private final UnsafeProjection write;
  private final BatchMemory memory;
  private final List<Gathered> batch = new ArrayList<>();
  private final JoinedRow joined = new JoinedRow();
  private final HostArrays arrays = new HostArrays(1);
  private RowBatch computed;

  /** For each result of the batch what gives its value of a sample. */
  private List<IntFunction<Object>> readers = List.of();

  private int next;

  /**
   * A row of the batch.
   *
   * @param row a copy of it
   * @param inputs its numbers for each slot, null where the column is
   * @param place among the samples that are computed; -1 if it is not
   */
  private record Gathered(InternalRow row, List<double[]> inputs, int place) {}

  BatchIterator(
      PassTask task,
      Iterator<InternalRow> source,
      UnsafeProjection read,
      UnsafeProjection write,
      BatchMemory memory) {
    this.task = task;
    this.source = source;
    this.read = read;
    this.write = write;
    this.memory = memory;
  }

  @Override
  public boolean hasNext() {
    if (next == batch.size()) {
      fill();
    }
    return next < batch.size();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Gathered row = batch.get(next++);
    task.metrics().row();
    return write.apply(joined.apply(row.row(), results(row)));
  }

  private void fill() {
    batch.clear();
    next = 0;
    memory.begin();
    int again = reuse();
    int samples = 0;
    boolean room = true;
    while (room && batch.size() < task.batchRows() && source.hasNext()) {
      Gathered row = gathered(source.next(), samples);
      samples += row.place() < 0 ? 0 : 1;
      room = memory.take(bytes(row) + (row.place() < again ? 0 : task.resultBytes()));
      batch.add(row);
    }
    if (batch.isEmpty()) {
      memory.release();
      return;
    }
    memory.settle();
    task.metrics().batch(!room);
    if (samples != again) {
      arrays.clear(); // of another size than is needed
    }
    if (samples > 0) {
      computed = task.compute(samples(), arrays);
      readers = readers();
    }
  }

  /**
   * Keeps the arrays of the last batch, of which every row has been copied, for the next one;
   * unless there is none, or no memory for them while it is gathered. Gives for how many samples
   * they are.
   */
  private int reuse() {
    if (computed == null) {
      return 0;
    }
    int samples = computed.values().get(0).samples();
    computed.giveBack(arrays);
    computed = null;
    readers = List.of();
    if (memory.take(samples * task.resultBytes()) && source.hasNext()) {
      return samples;
    }
    arrays.clear();
    memory.begin();
    return 0;
  }

  private List<IntFunction<Object>> readers() {
    List<IntFunction<Object>> each = new ArrayList<>();
    for (int i = 0; i < task.results().size(); i++) {
      each.add(task.results().get(i).result().reader(computed.values().get(i)));
    }
    return each;
  }

  private Gathered gathered(InternalRow row, int place) {
    InternalRow columns = read.apply(row);
    List<double[]> inputs = new ArrayList<>(task.slots().size()); // List.of takes no null
    for (int i = 0; i < task.slots().size(); i++) {
      inputs.add(task.slots().get(i).read(columns, i, task.results().get(0).function()));
    }
    boolean any = false;
    for (PassResult result : task.results()) {
      any |= result.isComputed(inputs);
    }
    return new Gathered(row.copy(), inputs, any ? place : -1);
  }

  /** What the row and the numbers that are read of it take. */
  private static long bytes(Gathered row) {
    long numbers = 0;
    for (double[] input : row.inputs()) {
      numbers += input == null ? 0 : input.length;
    }
    return numbers * Double.BYTES
        + (row.row() instanceof UnsafeRow plain ? plain.getSizeInBytes() : 0);
  }

  private Map<SampleInput, List<double[]>> samples() {
    Map<SampleInput, List<double[]>> samples = new EnumMap<>(SampleInput.class);
    for (int i = 0; i < task.slots().size(); i++) {
      Slot slot = task.slots().get(i);
      List<double[]> column = new ArrayList<>();
      for (Gathered row : batch) {
        if (row.place() >= 0) {
          // A null of one call, whose value is null then, must not stop the others: zeros stand in
          // for it.
          double[] input = row.inputs().get(i);
          column.add(input == null ? new double[slot.length()] : input);
        }
      }
      samples.put(slot.content(), column);
    }
    return samples;
  }

  private InternalRow results(Gathered row) {
    Object[] values = new Object[task.results().size()];
    for (int i = 0; i < values.length; i++) {
      PassResult result = task.results().get(i);
      if (result.isComputed(row.inputs())) {
        requireFinite(result, computed.values().get(i), row);
        values[i] = readers.get(i).apply(row.place());
      }
    }
    return new GenericInternalRow(values);
  }

  private void requireFinite(PassResult result, RowValues values, Gathered row) {
    if (!values.isFinite(row.place())) {
      throw TangentsException.data(
          "%s: a row with x = %s has a value that is not finite. Scale the features%s",
          result.function(),
          Slot.shown(row.inputs().get(0)),
          task.precision().orWider("SET spark.tangents.dtype=double"));
    }
  }
}
