package dev.tangents.job.stage.tile;

import dev.tangents.exec.DeviceWork;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.report.TileSummary;
import dev.tangents.job.stage.session.DeviceReport;
import dev.tangents.kernel.Rates;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a task of the tile stage tells the driver. */
public final class TaskReport implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String engine;
  private final ArrayList<String> advice;
  private final ArrayList<TileSummary> tiles = new ArrayList<>();

  /** Row and column of each tile that was written; a {@link Tile} is a record: see below. */
  private final ArrayList<int[]> written = new ArrayList<>();

  private long readNanos;
  private long networkNanos;
  private long tileNanos;
  private long copyNanos;
  private long writeNanos;
  private long waits;
  private long waitNanos;
  private long bytes;
  private int keptTiles;
  private int checks;
  private double worstResidual;
  private final SampledErrors errors = new SampledErrors();
  private DeviceReport device = new DeviceReport("", DeviceWork.NONE, 0, 0);
  private final Map<String, Long> parameterNanos = new HashMap<>();

  /** The numbers of {@link Rates}: that is a record, which Kryo 4 cannot make. */
  private final double[] rates = new double[4];

  /**
   * A report of a task that has done nothing yet.
   *
   * @param engine what computes, in words
   * @param advice what the engine has to say to the user
   */
  public TaskReport(String engine, List<String> advice) {
    this.engine = engine;
    this.advice = new ArrayList<>(advice);
  }

  /** Adds a tile that was written. */
  public void add(Tile place, TileSummary tile, long size, long nanos) {
    written.add(new int[] {place.row(), place.column()});
    tiles.add(tile);
    bytes += size;
    writeNanos += nanos;
  }

  /**
   * Counts a time in which nothing was computed because a tile was still being written.
   *
   * @param ready whether another one was there to be written next
   */
  void waited(long nanos, boolean ready) {
    waits += ready ? 1 : 0;
    waitNanos += nanos;
  }

  /** Adds a tile that was there already. */
  void kept(TileSummary tile, long found) {
    tiles.add(tile);
    bytes += found;
    keptTiles++;
  }

  /** Adds the check of a tile that passed. */
  void checked(double residual) {
    checks++;
    worstResidual = Math.max(worstResidual, residual);
  }

  /** Tiles that were checked. */
  public int checks() {
    return checks;
  }

  /** The largest residual of those. */
  public double worstResidual() {
    return worstResidual;
  }

  /** What samples of tiles in a reduced arithmetic have shown; to be added to. */
  public SampledErrors errors() {
    return errors;
  }

  /** Adds something that the user should know. */
  void advise(String text) {
    advice.add(text);
  }

  /** Takes what the worker measured. */
  void computed(TileWorker.Nanos nanos, Rates measured) {
    readNanos += nanos.read();
    networkNanos += nanos.network();
    tileNanos += nanos.tiles();
    copyNanos += nanos.copies();
    nanos.parameters().forEach((name, spent) -> parameterNanos.merge(name, spent, Long::sum));
    rates[0] = measured.product();
    rates[1] = measured.stream();
    rates[2] = measured.move();
    rates[3] = measured.call();
  }

  /** Task time in each parameter's share of tiles, by name. */
  public Map<String, Long> parameterNanos() {
    return parameterNanos;
  }

  /** What the task's thread does in a second. */
  public Rates rates() {
    return new Rates(rates[0], rates[1], rates[2], rates[3]);
  }

  /** Takes what the device did. */
  public void device(DeviceReport report) {
    device = report;
  }

  /** The device, and what it did. */
  public DeviceReport device() {
    return device;
  }

  /** Name, versions and kind of device of the engine. */
  public String engine() {
    return engine;
  }

  /** What the user should know: what would make the engine faster, what was damaged. */
  public List<String> advice() {
    return advice;
  }

  /** The tiles for the report. */
  public List<TileSummary> tiles() {
    return tiles;
  }

  /** Task time in reading samples. */
  public long readNanos() {
    return readNanos;
  }

  /** Task time in copying tiles to the heap. */
  public long copyNanos() {
    return copyNanos;
  }

  /** Task time in network passes. */
  public long networkNanos() {
    return networkNanos;
  }

  /** Task time in the arithmetic of tiles. */
  public long tileNanos() {
    return tileNanos;
  }

  /** Time in writing, beside the task's own. */
  public long writeNanos() {
    return writeNanos;
  }

  /** Tiles that were ready while the one before them was still being written. */
  public long waits() {
    return waits;
  }

  /** Task time in waiting for what was being written. */
  public long waitNanos() {
    return waitNanos;
  }

  /** Tiles that were there already. */
  public int keptTiles() {
    return keptTiles;
  }

  /** The tiles that were written. */
  public List<Tile> written() {
    return written.stream().map(place -> new Tile(place[0], place[1])).toList();
  }

  /** Bytes of the files. */
  public long bytes() {
    return bytes;
  }
}
