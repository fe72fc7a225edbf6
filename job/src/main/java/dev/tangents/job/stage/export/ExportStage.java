package dev.tangents.job.stage.export;

import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.export.RowsFile;
import dev.tangents.job.io.output.KernelFolder;
import dev.tangents.job.plan.Panels;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Writes whole rows of a kernel, one task and one file a panel of rows. Nothing is shuffled. */
final class ExportStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final KernelFolder kernel;
  private final String folder;
  private final Compression compression;
  private final int heapShare;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * Rows of {@code kernel} into {@code folder}.
   *
   * @param heapShare which part of an executor's heap a task's rows may take: one over this
   */
  ExportStage(
      KernelFolder kernel,
      String folder,
      Compression compression,
      int heapShare,
      Broadcast<SerializableConfiguration> hadoop) {
    this.kernel = kernel;
    this.folder = folder;
    this.compression = compression;
    this.heapShare = heapShare;
    this.hadoop = hadoop;
  }

  /** Writes all files and returns their bytes. */
  long run(JavaSparkContext spark) {
    List<Integer> panels = IntStream.range(0, kernel.rows().panels()).boxed().toList();
    return spark.parallelize(panels, panels.size()).map(this::write).reduce(Long::sum);
  }

  private long write(int panel) throws IOException {
    return new RowsFile(hadoop.value().value(), kernel, panel)
        .write(
            new Path(folder, Panels.partName(panel)),
            TaskContext.get().taskAttemptId(),
            compression,
            Runtime.getRuntime().maxMemory() / heapShare);
  }
}
