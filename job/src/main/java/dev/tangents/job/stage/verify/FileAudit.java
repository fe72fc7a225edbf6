package dev.tangents.job.stage.verify;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.output.KernelFolder;
import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.gram.KernelBase;
import dev.tangents.job.stage.sample.KnownSamples;
import dev.tangents.job.stage.sample.PanelAudit;
import dev.tangents.job.stage.session.Watched;
import dev.tangents.job.stage.tile.TileFolder;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.check.Probe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Every file of a kernel: tiles and samples as they were written, all there, and no others. */
final class FileAudit {
  private static final int SHOWN = 20;

  private final JavaSparkContext spark;
  private final Console console;
  private final KernelManifest manifest;
  private final KernelFolder kernel;
  private final TileGrid grid;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** The files of a folder that has {@code manifest}. */
  FileAudit(SparkSession session, Console console, KernelManifest manifest, String folder)
      throws IOException {
    this.spark = new JavaSparkContext(session.sparkContext());
    this.console = console;
    this.manifest = manifest;
    org.apache.hadoop.conf.Configuration files = session.sessionState().newHadoopConf();
    this.hadoop = spark.broadcast(new SerializableConfiguration(files));
    this.kernel = KernelFolder.open(files, folder, manifest);
    int size = manifest.choices().tile();
    Panels rows = kernel.rows().panels(size);
    Panels columns = kernel.symmetric() ? rows : kernel.columns().panels(size);
    this.grid = new TileGrid(rows, columns, kernel.symmetric());
  }

  /**
   * A kernel without a fault in its files.
   *
   * @param kernel the kernel
   * @param probe v
   * @param products K v and the squares of K by panels of rows
   * @param tiles number of tiles
   * @param panels number of panels of samples
   */
  record Found(
      KernelFolder kernel, Probe probe, Map<Integer, double[]> products, long tiles, int panels) {}

  /**
   * Reads everything.
   *
   * @throws TangentsException of category DATA that lists the faults
   */
  Found run() throws IOException {
    Set<String> faults = new TreeSet<>(strangers());
    KernelKind kind = manifest.kind();
    Probe probe = new Probe(kind, kind == KernelKind.SUM ? 1 : manifest.outputs());
    Map<Integer, double[]> products = tiles(probe, faults);
    int panels = 0;
    KernelBase base = KernelBase.of(manifest);
    for (int i = 0; i < base.sides().size(); i++) {
      Path folder = new Path(kernel.folder(), i == 0 ? "samples" : "samples2");
      KnownSamples known = base.side(i);
      faults.addAll(
          new PanelAudit(folder, known, manifest.features(), manifest.precision(), hadoop)
              .run(new Watched(spark, console)));
      panels += known.panels().count();
    }
    if (!faults.isEmpty()) {
      throw TangentsException.data(
          "%s: %s in its files:%n  %s%n%sTiles that are damaged or missing are computed again by"
              + " 'tangents append %s' without --input; samples that are, with the whole kernel alone",
          kernel.folder(),
          Amounts.counted(faults.size(), "fault"),
          faults.stream().limit(SHOWN).collect(Collectors.joining("%n  ".formatted())),
          faults.size() > SHOWN
              ? "and %s more%n".formatted(Amounts.count(faults.size() - SHOWN))
              : "",
          kernel.folder());
    }
    return new Found(kernel, probe, products, grid.count(), panels);
  }

  private Map<Integer, double[]> tiles(Probe probe, Set<String> faults) {
    CollectionAccumulator<String> found = spark.sc().collectionAccumulator("faults");
    Map<Integer, double[]> products =
        new Watched(spark, console)
            .run(
                "tiles",
                grid.count(),
                0,
                done ->
                    new TileAudit(kernel, manifest.mirrored(), probe, hadoop, found, done)
                        .run(spark, grid, spark.defaultParallelism()));
    faults.addAll(found.value());
    return products;
  }

  /** What a reader of the folder would take for tiles. */
  private List<String> strangers() throws IOException {
    Path folder = new Path(kernel.folder(), "kernel");
    return TileFolder.of(hadoop.value().value(), folder)
        .strangers(grid, manifest.mirrored())
        .stream()
        .map(
            file ->
                file
                    + ": is no tile of this kernel, and who reads the folder takes it for one. Remove it")
        .toList();
  }
}
