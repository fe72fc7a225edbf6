package dev.tangents.job.plan;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Neighbouring tiles of one row: the work of one task. A class and no record, because Spark may
 * send it through Kryo, which cannot make records.
 */
public final class TileRun implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int row;
  private final int from;
  private final int to;

  /** The tiles (row, from) to (row, to - 1). */
  public TileRun(int row, int from, int to) {
    this.row = row;
    this.from = from;
    this.to = to;
  }

  /** The tiles, from left to right. */
  public List<Tile> tiles() {
    return IntStream.range(from, to).mapToObj(column -> new Tile(row, column)).toList();
  }
}
