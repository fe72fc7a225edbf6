package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.TileReader;
import dev.tangents.job.io.TileValues;
import dev.tangents.job.io.TileWriter;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The tiles of a run in its folder: a file that is there is whole, and of this run, so it is not
 * computed again, whether an earlier run, another attempt or a speculative copy has left it.
 */
final class TileStore {
  /** Key of a footer: hash of everything that the numbers depend on. */
  static final String CONFIGURATION = "tangents.configuration";

  private final Configuration hadoop;
  private final Path folder;
  private final long attempt;
  private final TileWriter.Form form;
  private final TileGrid grid;
  private final boolean mirror;

  /**
   * The tiles in {@code folder}.
   *
   * @param attempt what makes temporary names differ from those of another attempt
   * @param mirror whether tiles beside the diagonal are there twice
   */
  TileStore(
      Configuration hadoop,
      String folder,
      long attempt,
      TileWriter.Form form,
      TileGrid grid,
      boolean mirror) {
    this.hadoop = hadoop;
    this.folder = new Path(folder);
    this.attempt = attempt;
    this.form = form;
    this.grid = grid;
    this.mirror = mirror;
  }

  /**
   * A tile that is there already.
   *
   * @param values its numbers
   * @param facts what its footer says
   * @param bytes of its file
   */
  record Kept(TileValues values, Map<String, String> facts, long bytes) {}

  /** The tile if it is there, whole, and of this run. A file that is damaged is removed. */
  Optional<Kept> find(Tile tile, TaskReport report) throws IOException {
    Path file = file(tile);
    FileSystem fs = folder.getFileSystem(hadoop);
    if (!fs.exists(file) || (mirrored(tile) && !fs.exists(file(tile.transposed())))) {
      return Optional.empty();
    }
    try (TileReader reader = TileReader.open(hadoop, file)) {
      String expected = form.footer().get(CONFIGURATION);
      String found = reader.facts().get(CONFIGURATION);
      if (!expected.equals(found)) {
        throw TangentsException.data(
            "%s: is of another run (configuration %s, expected %s)", file, found, expected);
      }
      return Optional.of(new Kept(reader.read(), reader.facts(), fs.getFileStatus(file).getLen()));
    } catch (FileNotFoundException e) {
      return Optional.empty(); // another attempt found it damaged and removed it
    } catch (TangentsException e) {
      report.advise("a tile was computed again: " + e.getMessage());
      fs.delete(file, false);
      return Optional.empty();
    }
  }

  /** Writes a tile, and its mirror image where both halves are wanted; returns the bytes. */
  long write(Tile tile, TileValues values, Map<String, String> facts) throws IOException {
    TileWriter sink = new TileWriter(hadoop, folder, attempt, form);
    long rowStart = grid.rows().first(tile.row());
    long columnStart = grid.columns().first(tile.column());
    long bytes = sink.write(tile, rowStart, columnStart, values, facts);
    if (mirrored(tile)) {
      bytes += sink.write(tile.transposed(), columnStart, rowStart, values.transposed(), facts);
    }
    return bytes;
  }

  private boolean mirrored(Tile tile) {
    return mirror && tile.row() != tile.column();
  }

  private Path file(Tile tile) {
    return new Path(folder, tile.fileName());
  }
}
