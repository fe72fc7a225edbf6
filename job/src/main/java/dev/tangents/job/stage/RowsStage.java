package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.RowsWriter;
import dev.tangents.job.io.Sample;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.rows.RowValues;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Computes and writes the records of each sample, one task and one file a panel. A task streams its
 * samples in micro-batches that start at the panel's first sample, so a file's bytes depend neither
 * on how the input was divided nor on what runs beside it.
 */
final class RowsStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final Broadcast<Map<String, byte[]>> model;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final LongAccumulator done;

  /**
   * What to compute.
   *
   * @param spec network, derivative and engine
   * @param panels the samples
   * @param form form of the files
   * @param folder where they go
   */
  record Job(RowSpec spec, Panels panels, RowsWriter.Form form, String folder)
      implements Serializable {}

  RowsStage(
      Job job,
      Broadcast<Map<String, byte[]>> model,
      Broadcast<SerializableConfiguration> hadoop,
      LongAccumulator done) {
    this.job = job;
    this.model = model;
    this.hadoop = hadoop;
    this.done = done;
  }

  /** Runs all panels; their reports are in order. */
  List<RowsReport> run(SortedSamples samples) {
    return samples
        .indexed()
        .repartitionAndSortWithinPartitions(new ByPanel(job.panels()))
        .mapPartitions(this::compute)
        .collect()
        .stream()
        .sorted(Comparator.comparingInt(RowsReport::panel))
        .toList();
  }

  private Iterator<RowsReport> compute(Iterator<Tuple2<Long, Sample>> rows) throws IOException {
    ExecutorResources resources = ExecutorResources.current();
    RowWorker worker = resources.borrow(job.spec(), model.value());
    boolean sound = false;
    try {
      RowsReport report = compute(worker, rows);
      done.add(1);
      sound = true;
      return List.of(report).iterator();
    } finally {
      if (sound) {
        resources.giveBack(worker);
      } else {
        worker.close();
      }
    }
  }

  private RowsReport compute(RowWorker worker, Iterator<Tuple2<Long, Sample>> rows)
      throws IOException {
    int panel = TaskContext.getPartitionId();
    long attempt = TaskContext.get().taskAttemptId();
    Path path = new Path(job.folder(), Panels.partName(panel));
    SampleDigest digest = new SampleDigest(job.spec().precision());
    long[] nanos = new long[2];
    long first = job.panels().first(panel);
    try (RowsWriter writer =
        new RowsWriter(hadoop.value().value(), path, attempt, job.form().by(worker.describe()))) {
      while (rows.hasNext()) {
        List<Sample> batch = next(rows, digest);
        long start = System.nanoTime();
        RowValues values = worker.run(batch);
        long computed = System.nanoTime();
        requireFinite(values, batch);
        for (int i = 0; i < batch.size(); i++) {
          writer.write(first + i, batch.get(i).id(), values, i);
        }
        nanos[0] += computed - start;
        nanos[1] += System.nanoTime() - computed;
        first += batch.size();
      }
      return new RowsReport(panel, digest.bytes(), worker, nanos, writer.commit());
    }
  }

  private List<Sample> next(Iterator<Tuple2<Long, Sample>> rows, SampleDigest digest) {
    List<Sample> batch = new ArrayList<>();
    while (rows.hasNext() && batch.size() < job.spec().size().samples()) {
      Sample sample = rows.next()._2();
      digest.add(sample);
      batch.add(sample);
    }
    return batch;
  }

  private static void requireFinite(RowValues values, List<Sample> batch) {
    OptionalInt row = values.firstNonFinite();
    if (row.isPresent()) {
      throw TangentsException.data(
          "%s: its derivative has a number that is not finite. Scale the features with --scale, or"
              + " compute with --dtype double",
          batch.get(row.getAsInt()).where());
    }
  }
}
