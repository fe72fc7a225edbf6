package dev.tangents.udfs.plan;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.Precision;
import dev.tangents.rows.RowBatch;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.RowSpec;
import dev.tangents.udfs.function.SparkErrors;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import scala.collection.immutable.Seq;

/** What is done with a partition of rows. Travels to the executors; the model does not. */
final class PassTask implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RowSpec spec;
  private final List<Slot> slots;
  private final List<PassResult> results;
  private final long runs;
  private final long numbers;
  private final Broadcast<Map<String, byte[]>> files;
  private final QuerySettings settings;
  private final PassMetrics metrics;
  private final Seq<Expression> columns;
  private final Seq<Attribute> input;
  private final Seq<Attribute> output;

  /** Rows of {@code input} become rows of {@code output}, which has the results behind them. */
  PassTask(
      PassPlan.Pass pass,
      List<PassResult> results,
      Broadcast<Map<String, byte[]>> files,
      QuerySettings settings,
      PassMetrics metrics,
      Seq<Attribute> input,
      Seq<Attribute> output) {
    this.spec = pass.spec();
    this.slots = List.copyOf(pass.slots());
    this.results = List.copyOf(results);
    this.runs = pass.runs();
    this.numbers = pass.numbers();
    this.files = files;
    this.settings = settings;
    this.metrics = metrics;
    this.columns = Output.seq(pass.columns());
    this.input = input;
    this.output = output;
  }

  /** The rows with results, computed as they are asked for. */
  Iterator<InternalRow> run(int partition, Iterator<InternalRow> rows) {
    settings.openResources();
    UnsafeProjection read = UnsafeProjection.create(columns, input);
    read.initialize(partition);
    UnsafeProjection write = UnsafeProjection.create(Output.bound(output), output);
    return SparkErrors.running(
        new BatchIterator(this, rows, read, write, new BatchMemory(TaskContext.get())));
  }

  /** The columns that are read of a row. */
  List<Slot> slots() {
    return slots;
  }

  /** What becomes of the quantities, in their order. */
  List<PassResult> results() {
    return results;
  }

  /** Most rows of a batch. */
  int batchRows() {
    return spec.size().samples();
  }

  /** Width of the numbers. */
  Precision precision() {
    return spec.precision();
  }

  /** Bytes of the results of a row. */
  long resultBytes() {
    return numbers * spec.precision().bytes();
  }

  /** Where work is counted. */
  PassMetrics metrics() {
    return metrics;
  }

  /**
   * Runs a batch of samples on a worker, which is borrowed for that long only.
   *
   * @param arrays what is made lies in
   */
  RowBatch compute(Map<SampleInput, List<double[]>> samples, HostArrays arrays) {
    // A task that was killed need not be interrupted, and rows may come from where nobody looks.
    TaskContext.get().killTaskIfInterrupted();
    long start = System.nanoTime();
    try {
      RowBatch batch =
          ExecutorResources.with(spec, files.value(), worker -> worker.run(samples, arrays));
      int count = samples.get(SampleInput.FEATURES).size();
      metrics.computed(runs, System.nanoTime() - start, batchRows() - count);
      return batch;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
