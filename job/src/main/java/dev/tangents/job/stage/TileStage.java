package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.PanelReader;
import dev.tangents.job.io.TileSink;
import dev.tangents.job.io.TileValues;
import dev.tangents.job.io.TileWriter;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.plan.TileRun;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.TileSummary;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Computes and writes the tiles. A task takes a run of tiles along a row: it reads panels from the
 * output's {@code samples/}, computes on a worker of its executor, and writes a file for each tile.
 */
final class TileStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final Shared shared;
  private final LongAccumulator done;

  /**
   * What to compute.
   *
   * @param kernel network, kernel and engine
   * @param grid the tiles
   * @param width D
   * @param form how blocks are named
   * @param outputs O
   * @param together tiles of a row that are computed together, to share their row panel
   * @param mirror whether tiles beside the diagonal are written twice
   * @param files form of the files
   * @param folders of row panels, of column panels, and of the kernel
   */
  record Job(
      KernelSpec kernel,
      TileGrid grid,
      int width,
      TileValues.Form form,
      int outputs,
      int together,
      boolean mirror,
      TileWriter.Form files,
      Folders folders)
      implements Serializable {}

  /**
   * Where files lie.
   *
   * @param rows panels of the rows
   * @param columns panels of the columns
   * @param kernel tiles
   */
  record Folders(String rows, String columns, String kernel) implements Serializable {}

  /**
   * What every executor gets once.
   *
   * @param model the model's files
   * @param rows the picture's rows
   * @param columns the picture's columns
   * @param hadoop settings of file systems
   */
  record Shared(
      Broadcast<Map<String, byte[]>> model,
      Broadcast<ReportAxis> rows,
      Broadcast<ReportAxis> columns,
      Broadcast<SerializableConfiguration> hadoop)
      implements Serializable {}

  TileStage(Job job, Shared shared, LongAccumulator done) {
    this.job = job;
    this.shared = shared;
    this.done = done;
  }

  /** Runs all tiles; {@code slots} tasks at once. */
  List<TaskReport> run(JavaSparkContext spark, int slots) {
    List<TileRun> runs = job.grid().runs(slots, job.together());
    return spark.parallelize(runs, runs.size()).mapPartitions(this::compute).collect();
  }

  private Iterator<TaskReport> compute(Iterator<TileRun> runs) throws IOException {
    TaskReport report =
        ExecutorResources.with(
            job.kernel(), shared.model().value(), worker -> compute(worker, runs));
    return List.of(report).iterator();
  }

  private TaskReport compute(TileWorker worker, Iterator<TileRun> runs) throws IOException {
    TaskReport report = new TaskReport(worker.describe(), worker.advice());
    Configuration hadoop = shared.hadoop().value().value();
    int together = together();
    while (runs.hasNext()) {
      List<Tile> tiles = runs.next().tiles();
      for (int from = 0; from < tiles.size(); from += together) {
        List<Tile> group = tiles.subList(from, Math.min(tiles.size(), from + together));
        List<List<HostTensor>> results =
            worker.tiles(
                new PanelFile(hadoop, job.folders().rows(), job.grid().rows(), group.get(0).row()),
                group.stream().map(tile -> column(hadoop, tile)).toList());
        for (int i = 0; i < group.size(); i++) {
          write(worker, group.get(i), results.get(i), report);
        }
      }
    }
    report.computed(worker.takeNanos(), worker.rates());
    return report;
  }

  /**
   * Tiles at a time: fewer where they would fill a sixteenth of the heap. How many changes no bit.
   */
  private int together() {
    double blocks = job.form() == TileValues.Form.SINGLE ? 1 : job.outputs();
    double rows = Math.min(job.grid().rows().size(), job.grid().rows().samples());
    double columns = Math.min(job.grid().columns().size(), job.grid().columns().samples());
    double tile = blocks * rows * columns * job.files().components().size() * Double.BYTES;
    double room = Runtime.getRuntime().maxMemory() / 16.0;
    return (int) Math.max(1, Math.min(job.together(), room / tile));
  }

  private TileWorker.PanelSource column(Configuration hadoop, Tile tile) {
    return new PanelFile(hadoop, job.folders().columns(), job.grid().columns(), tile.column());
  }

  private void write(TileWorker worker, Tile tile, List<HostTensor> tensors, TaskReport report)
      throws IOException {
    Configuration hadoop = shared.hadoop().value().value();
    TileGrid grid = job.grid();
    TileValues values = new TileValues(job.form(), job.outputs(), tensors);
    boolean diagonal = grid.symmetric() && tile.row() == tile.column();
    TileValues whole = diagonal ? values.symmetric() : values;
    requireFinite(tile, whole);
    long attempt = TaskContext.get().taskAttemptId();
    Path folder = new Path(job.folders().kernel());
    TileSink sink = new TileWriter(hadoop, folder, attempt, job.files().by(worker.describe()));
    long rowStart = grid.rows().first(tile.row());
    long columnStart = grid.columns().first(tile.column());
    long start = System.nanoTime();
    long bytes = sink.write(tile, rowStart, columnStart, whole, Map.of());
    if (job.mirror() && !diagonal) {
      bytes += sink.write(tile.transposed(), columnStart, rowStart, whole.transposed(), Map.of());
    }
    long nanos = System.nanoTime() - start;
    report.add(
        TileSummary.of(
            tile,
            rowStart,
            columnStart,
            whole,
            shared.rows().value(),
            shared.columns().value(),
            diagonal),
        bytes,
        nanos);
    done.add(1);
  }

  private void requireFinite(Tile tile, TileValues values) {
    for (int component = 0; component < values.components().size(); component++) {
      OptionalInt position = values.firstNonFinite(component);
      if (position.isPresent()) {
        int row = position.getAsInt() / values.columns() % values.rows();
        int column = position.getAsInt() % values.columns();
        throw TangentsException.data(
            "Kernel: K[%d, %d] is %s. Scale the features with --scale, or compute with --dtype double",
            job.grid().rows().first(tile.row()) + row,
            job.grid().columns().first(tile.column()) + column,
            values.components().get(component).at(position.getAsInt()));
      }
    }
  }

  /** A panel in the output's folder. */
  private final class PanelFile implements TileWorker.PanelSource {
    private final Configuration hadoop;
    private final Path path;
    private final int rows;

    PanelFile(Configuration hadoop, String folder, Panels panels, int panel) {
      this.hadoop = hadoop;
      this.path = new Path(folder, Panels.fileName(panel));
      this.rows = panels.rows(panel);
    }

    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public HostTensor read() throws IOException {
      return PanelReader.features(hadoop, path, rows, job.width(), job.kernel().precision());
    }
  }
}
