package dev.tangents.job.stage.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.rows.PartialSums;
import dev.tangents.job.io.rows.RowsWriter;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.stage.sample.SampleDigest;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowBatch;
import dev.tangents.rows.RowRequest;
import dev.tangents.rows.RowValues;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.executor.RowWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import scala.Tuple2;

/** Computes and writes one panel: records as they come, sums at the end. */
final class RowsTask implements AutoCloseable {
  private final RowsStage.Job job;
  private final Configuration hadoop;
  private final RowWorker worker;
  private final int panel;
  private final HostArrays arrays = new HostArrays(1);
  private final long attempt = TaskContext.get().taskAttemptId();

  /** For each quantity the file that is being written; null for a sum. */
  private final List<RowsWriter> writers = new ArrayList<>();

  /** For each quantity its sums so far; empty for one of records. */
  private final List<List<double[]>> sums = new ArrayList<>();

  private RowTally tally = RowTally.NONE;
  private long bytes;

  RowsTask(RowsStage.Job job, Configuration hadoop, RowWorker worker, int panel) {
    this.job = job;
    this.hadoop = hadoop;
    this.worker = worker;
    this.panel = panel;
    for (int q = 0; q < job.targets().size(); q++) {
      writers.add(null);
      sums.add(
          worker.pass().graphs().get(q).parts().stream()
              .filter(Part::summed)
              .map(part -> new double[part.size()])
              .toList());
    }
  }

  /** Opens the files that begin with sample {@code first}, having completed those before. */
  private void turnFiles(long first) throws IOException {
    if (first % job.fileSamples() != 0) {
      return;
    }
    commitFiles();
    for (int q = 0; q < job.targets().size(); q++) {
      RowsStage.Target target = job.targets().get(q);
      if (!target.summed()) {
        int file = Math.toIntExact(first / job.fileSamples());
        Path path = new Path(target.folder(), Panels.partName(file));
        RowsWriter.Form form = target.form().by(worker.describe());
        writers.set(q, new RowsWriter(hadoop, path, attempt, form));
      }
    }
  }

  private void commitFiles() throws IOException {
    for (int q = 0; q < writers.size(); q++) {
      if (writers.get(q) != null) {
        bytes += writers.get(q).commit();
        writers.set(q, null);
      }
    }
  }

  RowsReport run(Iterator<Tuple2<Long, Sample>> rows) throws IOException {
    SampleDigest digest = new SampleDigest(job.spec().precision());
    long[] nanos = new long[2];
    long first = job.panels().first(panel);
    while (rows.hasNext()) {
      turnFiles(first);
      List<Sample> batch = next(rows, digest);
      long start = System.nanoTime();
      RowBatch results = worker.run(inputs(batch), arrays);
      long computed = System.nanoTime();
      take(results, batch, first);
      results.giveBack(arrays);
      nanos[0] += computed - start;
      nanos[1] += System.nanoTime() - computed;
      first += batch.size();
    }
    long start = System.nanoTime();
    commitFiles();
    commitSums();
    nanos[1] += System.nanoTime() - start;
    return new RowsReport(panel, digest.hex(), worker, nanos, bytes, tally);
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

  private Map<SampleInput, List<double[]>> inputs(List<Sample> batch) {
    Map<SampleInput, List<double[]>> inputs = new EnumMap<>(SampleInput.class);
    inputs.put(SampleInput.FEATURES, batch.stream().map(Sample::features).toList());
    for (int i = 0; i < job.columns().size(); i++) {
      int column = i;
      inputs.put(
          job.columns().get(i), batch.stream().map(sample -> sample.vectors()[column]).toList());
    }
    return inputs;
  }

  private void take(RowBatch results, List<Sample> batch, long first) throws IOException {
    boolean counted = false;
    for (int q = 0; q < writers.size(); q++) {
      RowValues values = results.values().get(q);
      requireFinite(values, batch);
      if (!counted && values.column(Part.LOSS).isPresent()) {
        count(values, job.spec().requests().get(q), batch);
        counted = true;
      }
      if (writers.get(q) != null) {
        for (int i = 0; i < batch.size(); i++) {
          writers.get(q).write(first + i, batch.get(i).id(), values, i);
        }
      }
      add(q, results.sums().get(q), batch);
    }
  }

  private void count(RowValues values, RowRequest request, List<Sample> batch) {
    LossKind kind = request.loss().kind();
    int target = job.columns().indexOf(SampleInput.TARGET);
    tally =
        tally.with(
            values,
            kind,
            kind.hasTarget()
                ? batch.stream().map(sample -> sample.vectors()[target]).toList()
                : List.of());
  }

  /** Sums of a micro-batch are in the engine's width; over a panel they are added in double. */
  private void add(int quantity, List<HostTensor> parts, List<Sample> batch) {
    for (int p = 0; p < parts.size(); p++) {
      double[] total = sums.get(quantity).get(p);
      HostTensor part = parts.get(p);
      for (int i = 0; i < total.length; i++) {
        double value = part.at(i);
        if (!Double.isFinite(value)) {
          throw TangentsException.data(
              "%s to %s: the sum of their gradients by '%s' has %s at element %d. %s",
              batch.get(0).where(),
              batch.get(batch.size() - 1).where(),
              job.spec().parameters().get(p),
              value,
              i,
              remedy());
        }
        total[i] += value;
      }
    }
  }

  private void commitSums() throws IOException {
    for (int q = 0; q < sums.size(); q++) {
      if (job.targets().get(q).summed()) {
        Path path = new Path(job.targets().get(q).folder(), SumStage.partialName(panel));
        PartialSums.write(hadoop, path, attempt, sums.get(q));
      }
    }
  }

  private void requireFinite(RowValues values, List<Sample> batch) {
    values
        .firstNonFinite()
        .ifPresent(
            row -> {
              throw TangentsException.data(
                  "%s: its derivative has a number that is not finite. %s",
                  batch.get(row).where(), remedy());
            });
  }

  private String remedy() {
    return "Scale the features with --scale"
        + job.spec().precision().orWider("compute with --dtype double");
  }

  @Override
  public void close() throws IOException {
    for (RowsWriter writer : writers) {
      if (writer != null) {
        writer.close();
      }
    }
  }
}
