package dev.tangents.job.stage.sample;

import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.panel.PanelWriter;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.plan.Panels;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/** Stage 0: writes the samples in their order as panels, one task a panel. */
final class IndexStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Panels panels;
  private final Panels known;
  private final String folder;
  private final PanelWriter.Form form;
  private final boolean labelled;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * Panels of {@code panels} into {@code folder}.
   *
   * @param known those that are there already, the first of all
   */
  IndexStage(
      Panels panels,
      Panels known,
      Path folder,
      PanelWriter.Form form,
      Broadcast<SerializableConfiguration> hadoop) {
    this.panels = panels;
    this.known = known;
    this.folder = folder.toString();
    this.form = form;
    this.labelled = form.label() != Scalar.Type.NONE;
    this.hadoop = hadoop;
  }

  /** Writes the panels; what it tells is of these alone. */
  Samples run(SortedSamples samples) {
    return collected(samples.byPanel(panels, known).mapPartitions(this::write));
  }

  /** Tells the same, and writes nothing. */
  Samples look(SortedSamples samples) {
    return collected(samples.byPanel(panels, known).mapPartitions(this::digest));
  }

  private Samples collected(JavaRDD<PanelInfo> read) {
    List<PanelInfo> infos =
        read.collect().stream().sorted(Comparator.comparingInt(PanelInfo::panel)).toList();
    return Samples.of(
        panels,
        infos.stream().map(PanelInfo::hash).toList(),
        labelled ? LabelCodes.all(infos) : List.of());
  }

  private Iterator<PanelInfo> write(Iterator<Tuple2<Long, Sample>> rows) throws IOException {
    Path path = new Path(folder, Panels.fileName(panel()));
    if (path.getFileSystem(hadoop.value().value()).exists(path)) {
      // A panel of the run that is resumed stays; what it must hold is known by the digest.
      return digest(rows);
    }
    long attempt = TaskContext.get().taskAttemptId();
    try (PanelWriter writer = new PanelWriter(hadoop.value().value(), path, attempt, form)) {
      PanelInfo info = read(rows, writer::write);
      writer.commit();
      return List.of(info).iterator();
    }
  }

  private Iterator<PanelInfo> digest(Iterator<Tuple2<Long, Sample>> rows) throws IOException {
    return List.of(read(rows, (index, sample) -> {})).iterator();
  }

  private int panel() {
    return known.count() + TaskContext.getPartitionId();
  }

  /** Takes each sample of a panel. */
  @FunctionalInterface
  private interface Sink {
    void take(long index, Sample sample) throws IOException;
  }

  private PanelInfo read(Iterator<Tuple2<Long, Sample>> rows, Sink sink) throws IOException {
    SampleDigest digest = new SampleDigest(form.precision());
    LabelCodes.Builder labels = new LabelCodes.Builder();
    int count = 0;
    while (rows.hasNext()) {
      Tuple2<Long, Sample> row = rows.next();
      digest.add(row._2());
      if (labelled) {
        labels.add(row._2().label());
      }
      sink.take(row._1(), row._2());
      count++;
    }
    return new PanelInfo(panel(), count, digest.hex(), labels.build());
  }
}
