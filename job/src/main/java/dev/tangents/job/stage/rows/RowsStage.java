package dev.tangents.job.stage.rows;

import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.rows.RowsWriter;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.stage.sample.SortedSamples;
import dev.tangents.job.stage.session.ComputeSlots;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.RowSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Computes and writes the quantities of each sample, one task a panel. A task streams its samples
 * in micro-batches that start at the panel's first sample, so a file's bytes depend neither on how
 * the input was divided nor on what runs beside it.
 */
final class RowsStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final Broadcast<Map<String, byte[]>> model;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final LongAccumulator done;

  /**
   * Where a quantity goes.
   *
   * @param folder its files, or its partial sums
   * @param form form of the files of records
   * @param summed whether it is a sum, whose parts are kept for {@link SumStage}
   */
  record Target(String folder, RowsWriter.Form form, boolean summed) implements Serializable {}

  /**
   * What to compute.
   *
   * @param spec network, quantities and engine
   * @param panels the samples
   * @param fileSamples samples in a file of records
   * @param targets one for each quantity
   * @param columns what is read of a sample beside its features, in order
   */
  record Job(
      RowSpec spec, Panels panels, int fileSamples, List<Target> targets, List<SampleInput> columns)
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
    JavaRDD<RowsReport> panels =
        samples.byPanel(job.panels(), Panels.NONE).mapPartitions(this::compute);
    return ComputeSlots.of(panels).collect().stream()
        .sorted(Comparator.comparingInt(RowsReport::panel))
        .toList();
  }

  private Iterator<RowsReport> compute(Iterator<Tuple2<Long, Sample>> rows) throws IOException {
    RowsReport report =
        ExecutorResources.with(
            job.spec(),
            model.value(),
            worker -> {
              int panel = TaskContext.getPartitionId();
              try (RowsTask task = new RowsTask(job, hadoop.value().value(), worker, panel)) {
                return task.run(rows);
              }
            });
    ExecutorResources.metrics().computed(report.computeNanos(), 0);
    ExecutorResources.metrics().wrotePanel(report.bytes(), report.writeNanos());
    done.add(1);
    return List.of(report).iterator();
  }
}
