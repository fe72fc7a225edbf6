package dev.tangents.job.stage.tile;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Footers of the tiles of a run: which tile a file holds, and of which run.
 *
 * @param folder of the tiles
 * @param contents which tiles there are
 */
record TileFooters(Path folder, TileStore.Contents contents) {
  /** File of a tile. */
  Path file(Tile tile) {
    return new Path(folder, tile.fileName());
  }

  /**
   * The key-values of a tile's footer; that of its mirror image is looked at too where it has one.
   *
   * @throws TangentsException of category DATA if one of them cannot be read, or is another's
   * @throws java.io.FileNotFoundException if a file is not there
   */
  Map<String, String> facts(Configuration hadoop, Tile tile) throws IOException {
    Map<String, String> facts = TileReader.facts(hadoop, file(tile));
    requireOwn(tile, facts);
    if (contents.mirrored(tile)) {
      Tile image = tile.transposed();
      requireOwn(image, TileReader.facts(hadoop, file(image)));
    }
    return facts;
  }

  /**
   * Checks that a footer is that of a tile of this run.
   *
   * @throws TangentsException of category DATA if not
   */
  void requireOwn(Tile tile, Map<String, String> facts) {
    String expected = contents.runs().of(tile);
    String found = facts.get(RunHashes.FOOTER);
    if (!expected.equals(found)) {
      throw TangentsException.data(
          "%s: is of another run (configuration %s, expected %s)", file(tile), found, expected);
    }
    String place = facts.get(TileWriter.PLACE);
    if (!TileWriter.place(tile).equals(place)) {
      throw TangentsException.data(
          "%s: holds tile %s, expected %s", file(tile), place, TileWriter.place(tile));
    }
  }
}
