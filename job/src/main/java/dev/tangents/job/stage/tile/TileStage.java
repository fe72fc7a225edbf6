package dev.tangents.job.stage.tile;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.CheckPlan;
import dev.tangents.job.plan.Cutting;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileBlock;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.TileSummary;
import dev.tangents.job.stage.session.ComputeSlots;
import dev.tangents.job.stage.session.DeviceReport;
import dev.tangents.udfs.executor.ExecutorResources;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Computes and writes the tiles. A task takes a block of tiles: it reads panels from the output's
 * {@code samples/}, computes on a worker of its executor, and writes a file for each tile that is
 * not there yet.
 */
public final class TileStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final Shared shared;
  private final LongAccumulator done;

  /**
   * What to compute.
   *
   * @param kernel network, kernel and engine
   * @param contents the tiles, and the runs that they are from
   * @param width D
   * @param form how blocks are named
   * @param outputs O
   * @param together tiles that are computed together, so that every pass goes through all of them
   * @param check which tiles are checked, and how strictly
   * @param files form of the files
   * @param folders of row panels, of column panels, and of the kernel
   * @param stored whether panels' factors are stored
   */
  public record Job(
      KernelSpec kernel,
      TileStore.Contents contents,
      int width,
      TileValues.Form form,
      int outputs,
      int together,
      CheckPlan check,
      TileWriter.Form files,
      Folders folders,
      boolean stored)
      implements Serializable {
    TileGrid grid() {
      return contents.grid();
    }

    /** This job with factors computed again instead of read. */
    public Job withoutFactors() {
      return new Job(
          kernel, contents, width, form, outputs, together, check, files, folders, false);
    }
  }

  /**
   * Where files lie.
   *
   * @param rows panels of the rows
   * @param columns panels of the columns
   * @param kernel tiles
   */
  public record Folders(FactorStage.Side rows, FactorStage.Side columns, String kernel)
      implements Serializable {}

  /**
   * What every executor gets once.
   *
   * @param model the model's files
   * @param rows the picture's rows
   * @param columns the picture's columns
   * @param hadoop settings of file systems
   */
  public record Shared(
      Broadcast<Map<String, byte[]>> model,
      Broadcast<ReportAxis> rows,
      Broadcast<ReportAxis> columns,
      Broadcast<SerializableConfiguration> hadoop)
      implements Serializable {}

  /** A stage that computes {@code job}, and counts tiles in {@code done}. */
  public TileStage(Job job, Shared shared, LongAccumulator done) {
    this.job = job;
    this.shared = shared;
    this.done = done;
  }

  /** Runs all tiles, cut into blocks. */
  public List<TaskReport> run(JavaSparkContext spark, Cutting cutting) {
    List<TileBlock> blocks = job.grid().blocks(cutting);
    return ComputeSlots.of(spark.parallelize(blocks, blocks.size()))
        .mapPartitions(this::compute)
        .collect();
  }

  private Iterator<TaskReport> compute(Iterator<TileBlock> blocks) throws IOException {
    TaskReport report =
        ExecutorResources.with(
            job.kernel(), shared.model().value(), worker -> compute(worker, blocks));
    return List.of(report).iterator();
  }

  private TaskReport compute(TileWorker worker, Iterator<TileBlock> blocks) throws IOException {
    TaskReport report = new TaskReport(worker.describe(), worker.advice());
    TileStore store =
        new TileStore(
            shared.hadoop().value().value(),
            job.folders().kernel(),
            TaskContext.get().taskAttemptId(),
            job.files().by(worker.describe()),
            job.contents());
    while (blocks.hasNext()) {
      compute(worker, store, blocks.next(), report);
    }
    TileWorker.Nanos nanos = worker.takeNanos();
    report.computed(nanos, worker.rates());
    report.device(
        new DeviceReport(worker, job.kernel().arithmetic(), nanos.network() + nanos.tiles()));
    ExecutorResources.metrics().computed(nanos.network(), nanos.tiles());
    return report;
  }

  private void compute(TileWorker worker, TileStore store, TileBlock block, TaskReport report)
      throws IOException {
    TileGuard guard = new TileGuard(job.check(), worker, report, this::requireFinite);
    List<Tile> missing = new ArrayList<>();
    for (Tile tile : block.tiles()) {
      Optional<TileStore.Kept> kept = kept(store, tile, report);
      if (kept.isPresent()) {
        report.kept(kept.get().summary(), kept.get().bytes());
        guard.kept(kept.get().facts());
        done.add(1);
      } else {
        missing.add(tile);
      }
    }
    Set<String> held =
        block.rows().stream()
            .map(row -> samples(job.folders().rows(), row).name())
            .collect(Collectors.toUnmodifiableSet());
    int together = together();
    try (WriteBehind<Written> behind = new WriteBehind<>()) {
      for (int from = 0; from < missing.size(); from += together) {
        List<Tile> group = missing.subList(from, Math.min(missing.size(), from + together));
        List<List<HostTensor>> results =
            worker.tiles(group.stream().map(this::pair).toList(), held);
        for (int i = 0; i < group.size(); i++) {
          Tile tile = group.get(i);
          TileGuard.Passed passed = guard.pass(formed(tile, held), results.get(i));
          settle(behind, worker, report, true);
          behind.begin(() -> write(store, tile, passed));
        }
      }
      settle(behind, worker, report, false);
    }
  }

  /**
   * The tile if it is there. What an append finds is described by footers; what a run that died has
   * left is read, and so is everything where damage is looked for.
   */
  private Optional<TileStore.Kept> kept(TileStore store, Tile tile, TaskReport report)
      throws IOException {
    TileSummaries summaries = summaries();
    if (job.grid().known(tile) && job.grid().fresh() > 0) {
      Optional<TileStore.Kept> described = store.described(tile, summaries);
      if (described.isPresent()) {
        return described;
      }
    }
    return store.find(tile, summaries, report);
  }

  private TileSummaries summaries() {
    return new TileSummaries(job.grid(), shared.rows().value(), shared.columns().value());
  }

  /**
   * A tile that is visible.
   *
   * @param tile which
   * @param summary for the report
   * @param bytes of its file
   * @param nanos that writing took
   * @param tensors its numbers, which nobody reads any more
   */
  private record Written(
      Tile tile, TileSummary summary, long bytes, long nanos, List<HostTensor> tensors) {}

  private TileGuard.Formed formed(Tile tile, Set<String> held) {
    return new TileGuard.Formed(
        tile,
        pair(tile),
        recomputed(tile),
        job.grid().rows().first(tile.row()),
        job.grid().columns().first(tile.column()),
        held);
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

  /** The panels of a tile, by their stored factors where there are any. */
  private TileWorker.Pair pair(Tile tile) {
    return new TileWorker.Pair(
        panel(job.folders().rows(), tile.row()), panel(job.folders().columns(), tile.column()));
  }

  /** The panels of a tile by their samples. */
  private TileWorker.Pair recomputed(Tile tile) {
    return new TileWorker.Pair(
        samples(job.folders().rows(), tile.row()), samples(job.folders().columns(), tile.column()));
  }

  private PanelFile panel(FactorStage.Side side, int panel) {
    PanelFile samples = samples(side, panel);
    return job.stored() ? samples.with(pass -> side.file(panel, pass)) : samples;
  }

  private PanelFile samples(FactorStage.Side side, int panel) {
    return new PanelFile(
        shared.hadoop().value().value(),
        new Path(side.samples(), Panels.fileName(panel)),
        side.panels().rows(panel),
        job.width(),
        job.kernel().precision());
  }

  private boolean diagonal(Tile tile) {
    return job.grid().symmetric() && tile.row() == tile.column();
  }

  private Written write(TileStore store, Tile tile, TileGuard.Passed passed) throws IOException {
    TileValues values =
        new TileValues(job.form(), job.outputs(), passed.tile())
            .in(job.files().precision()); // sums are of what can be read again
    TileValues whole = diagonal(tile) ? values.symmetric() : values;
    TileSummaries.Summed summed = summaries().of(tile, whole);
    if (!summed.finite()) {
      requireFinite(tile, values.components());
    }
    Map<String, String> facts = new TreeMap<>(passed.facts());
    facts.putAll(summed.facts());
    long start = System.nanoTime();
    long bytes = store.write(tile, whole, facts);
    long nanos = System.nanoTime() - start;
    return new Written(tile, summed.summary(), bytes, nanos, passed.tile());
  }

  /**
   * Waits for the tile that is being written.
   *
   * @param ready whether another one is to be written next
   */
  private void settle(
      WriteBehind<Written> behind, TileWorker worker, TaskReport report, boolean ready)
      throws IOException {
    boolean busy = behind.busy();
    long start = System.nanoTime();
    Optional<Written> settled = behind.settle();
    if (busy) {
      report.waited(System.nanoTime() - start, ready);
    }
    if (settled.isPresent()) {
      count(settled.get(), report);
      worker.giveBack(settled.get().tensors());
    }
  }

  private void count(Written written, TaskReport report) {
    ExecutorResources.metrics().wroteTile(written.bytes(), written.nanos());
    report.add(written.tile(), written.summary(), written.bytes(), written.nanos());
    done.add(1);
  }

  private void requireFinite(Tile tile, List<HostTensor> tensors) {
    TileValues values = new TileValues(job.form(), job.outputs(), tensors);
    for (int component = 0; component < values.components().size(); component++) {
      OptionalInt position = values.firstNonFinite(component);
      if (position.isPresent()) {
        int row = position.getAsInt() / values.columns() % values.rows();
        int column = position.getAsInt() % values.columns();
        throw TangentsException.data(
            "Kernel: K[%d, %d] is %s. Scale the features with --scale%s",
            job.grid().rows().first(tile.row()) + row,
            job.grid().columns().first(tile.column()) + column,
            values.components().get(component).at(position.getAsInt()),
            job.files().precision().orWider("compute with --dtype double"));
      }
    }
  }
}
