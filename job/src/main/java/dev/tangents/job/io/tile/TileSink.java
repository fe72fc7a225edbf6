package dev.tangents.job.io.tile;

import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.util.Map;

/** Where tiles go. An implementation writes a tile whole or not at all. */
public interface TileSink {
  /**
   * Writes a tile under its own name.
   *
   * @param tile which one
   * @param rowStart index of its first row
   * @param columnStart index of its first column
   * @param values its numbers
   * @param facts key-values for the footer of this tile
   * @return bytes written
   */
  long write(
      Tile tile, long rowStart, long columnStart, TileValues values, Map<String, String> facts)
      throws IOException;
}
