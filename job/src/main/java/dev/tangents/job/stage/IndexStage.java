package dev.tangents.job.stage;

import dev.tangents.exec.Precision;
import dev.tangents.job.io.PanelWriter;
import dev.tangents.job.io.Sample;
import dev.tangents.job.io.Scalar;
import dev.tangents.job.plan.Panels;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/** Stage 0: writes the samples in their order as panels, one task a panel. */
final class IndexStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Panels panels;
  private final String folder;
  private final PanelWriter.Form form;
  private final boolean labelled;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** Panels of {@code panels} into {@code folder}. */
  IndexStage(
      Panels panels,
      Path folder,
      PanelWriter.Form form,
      Broadcast<SerializableConfiguration> hadoop) {
    this.panels = panels;
    this.folder = folder.toString();
    this.form = form;
    this.labelled = form.label() != Scalar.Type.NONE;
    this.hadoop = hadoop;
  }

  /** Sends every sample to its panel's task. */
  private static final class ByPanel extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int size;
    private final int count;

    ByPanel(Panels panels) {
      this.size = panels.size();
      this.count = panels.count();
    }

    @Override
    public int numPartitions() {
      return count;
    }

    @Override
    public int getPartition(Object index) {
      return (int) ((Long) index / size);
    }
  }

  /** Writes the panels. */
  Samples run(SortedSamples samples) {
    List<PanelInfo> written =
        samples
            .indexed()
            .repartitionAndSortWithinPartitions(new ByPanel(panels))
            .mapPartitions(this::write)
            .collect()
            .stream()
            .sorted(Comparator.comparingInt(PanelInfo::panel))
            .toList();
    MessageDigest digest = sha256();
    written.forEach(panel -> digest.update(panel.hash()));
    return new Samples(
        panels,
        HexFormat.of().formatHex(digest.digest()),
        labelled ? LabelCodes.all(written) : List.of());
  }

  private Iterator<PanelInfo> write(Iterator<Tuple2<Long, Sample>> rows) throws IOException {
    int panel = TaskContext.getPartitionId();
    long attempt = TaskContext.get().taskAttemptId();
    Path path = new Path(folder, Panels.fileName(panel));
    MessageDigest digest = sha256();
    LabelCodes.Builder labels = new LabelCodes.Builder();
    int count = 0;
    try (PanelWriter writer = new PanelWriter(hadoop.value().value(), path, attempt, form)) {
      while (rows.hasNext()) {
        Tuple2<Long, Sample> row = rows.next();
        writer.write(row._1(), row._2());
        update(digest, row._2());
        if (labelled) {
          labels.add(row._2().label());
        }
        count++;
      }
      writer.commit();
    }
    return List.of(new PanelInfo(panel, count, digest.digest(), labels.build())).iterator();
  }

  private void update(MessageDigest digest, Sample sample) {
    digest.update(sample.id().toString().getBytes(StandardCharsets.UTF_8));
    double[] features = sample.features();
    boolean single = form.precision() == Precision.FLOAT;
    ByteBuffer bytes = ByteBuffer.allocate(1 + features.length * form.precision().bytes());
    bytes.put((byte) 0);
    for (double feature : features) {
      if (single) {
        bytes.putFloat((float) feature);
      } else {
        bytes.putDouble(feature);
      }
    }
    digest.update(bytes.array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
