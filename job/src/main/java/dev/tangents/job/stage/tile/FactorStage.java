package dev.tangents.job.stage.tile;

import dev.tangents.job.io.panel.FactorFile;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.stage.session.ComputeSlots;
import dev.tangents.udfs.executor.ExecutorResources;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Sends every panel through the network once, a task each, and stores its factors, a file a pass of
 * the plan. A file that is there is whole, and stays.
 */
public final class FactorStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final KernelSpec kernel;
  private final int width;
  private final int passes;
  private final Broadcast<Map<String, byte[]>> model;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final LongAccumulator done;

  /**
   * A stage.
   *
   * @param width D
   * @param passes of the plan
   * @param done counts panels
   */
  public FactorStage(
      KernelSpec kernel,
      int width,
      int passes,
      Broadcast<Map<String, byte[]>> model,
      Broadcast<SerializableConfiguration> hadoop,
      LongAccumulator done) {
    this.kernel = kernel;
    this.width = width;
    this.passes = passes;
    this.model = model;
    this.hadoop = hadoop;
    this.done = done;
  }

  /**
   * Panels of one side.
   *
   * @param samples folder of their samples
   * @param factors folder for their factors
   * @param panels their bounds
   */
  public record Side(String samples, String factors, Panels panels) implements Serializable {
    /** File of a panel's factors of a pass. */
    Path file(int panel, int pass) {
      return new Path(factors, Panels.factorsName(panel, pass));
    }
  }

  /** Stores what is missing, and returns the bytes written. */
  public long run(JavaSparkContext spark, List<Side> sides) {
    long bytes = 0;
    for (Side side : sides) {
      List<Integer> panels = new ArrayList<>();
      for (int panel = 0; panel < side.panels().count(); panel++) {
        panels.add(panel);
      }
      bytes +=
          ComputeSlots.of(spark.parallelize(panels, panels.size()))
              .map(panel -> store(side, panel))
              .reduce(Long::sum);
    }
    return bytes;
  }

  private long store(Side side, int panel) throws IOException {
    Configuration files = hadoop.value().value();
    long attempt = TaskContext.get().taskAttemptId();
    Path samples = new Path(side.samples(), Panels.fileName(panel));
    PanelFile source =
        new PanelFile(files, samples, side.panels().rows(panel), width, kernel.precision());
    long bytes =
        ExecutorResources.with(
            kernel,
            model.value(),
            worker -> {
              long written = 0;
              for (int pass = 0; pass < passes; pass++) {
                Path file = side.file(panel, pass);
                if (!file.getFileSystem(files).exists(file)) {
                  written +=
                      worker.store(
                          source,
                          pass,
                          factors -> FactorFile.write(files, file, attempt, factors::read));
                }
              }
              return written;
            });
    done.add(1);
    return bytes;
  }
}
