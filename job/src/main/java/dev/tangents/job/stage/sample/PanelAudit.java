package dev.tangents.job.stage.sample;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.panel.PanelFault;
import dev.tangents.job.io.panel.PanelIds;
import dev.tangents.job.io.panel.PanelReader;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.stage.session.Watched;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Reads every panel of samples once: whether ids and features are those that were indexed. */
public final class PanelAudit implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final KnownSamples known;
  private final int width;
  private final Precision precision;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** Panels of {@code folder}, [rows, width] each, as {@code known} says that they are. */
  public PanelAudit(
      Path folder,
      KnownSamples known,
      int width,
      Precision precision,
      Broadcast<SerializableConfiguration> hadoop) {
    this.folder = folder.toString();
    this.known = known;
    this.width = width;
    this.precision = precision;
    this.hadoop = hadoop;
  }

  /** What is wrong, panel by panel. */
  public List<String> run(Watched watched) {
    int panels = known.panels().count();
    return watched.run("panels of samples", panels, 0, done -> run(watched.spark(), panels, done));
  }

  private List<String> run(JavaSparkContext spark, int panels, LongAccumulator done) {
    return spark
        .parallelize(IntStream.range(0, panels).boxed().toList(), panels)
        .map(
            panel -> {
              String fault = fault(panel);
              done.add(1);
              return fault;
            })
        .filter(Objects::nonNull)
        .collect();
  }

  private String fault(int panel) throws IOException {
    Path file = new Path(folder, Panels.fileName(panel));
    try {
      String found = digest(file, known.panels().rows(panel));
      String expected = known.hashes().get(panel);
      return found.equals(expected)
          ? null
          : "%s: SHA-256 of ids and features is %s, expected %s".formatted(file, found, expected);
    } catch (TangentsException e) {
      return e.getMessage();
    } catch (IOException | RuntimeException e) {
      if (!PanelFault.isDamage(e)) {
        throw e; // Spark tries again
      }
      return file + ": " + PanelFault.of(e);
    }
  }

  private String digest(Path file, int rows) throws IOException {
    Configuration files = hadoop.value().value();
    HostTensor features = PanelReader.features(files, file, rows, width, precision);
    List<Scalar> ids = PanelIds.read(files, file);
    SampleDigest digest = new SampleDigest(precision);
    for (int n = 0; n < rows; n++) {
      digest.add(ids.isEmpty() ? Scalar.NONE : ids.get(n), features, n);
    }
    return digest.hex();
  }
}
