package dev.tangents.job.stage.tile;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.TileSummary;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The tiles of a run in its folder: a file that is there is whole, and of this run, so it is not
 * computed again, whether an earlier run, another attempt or a speculative copy has left it.
 */
public final class TileStore {
  private final Configuration hadoop;
  private final Path folder;
  private final TileWriter sink;
  private final Contents contents;
  private final TileFooters footers;

  /**
   * Which tiles there are.
   *
   * @param grid all of them
   * @param runs that they are from
   * @param mirror whether those beside the diagonal are there twice
   */
  public record Contents(TileGrid grid, RunHashes runs, boolean mirror) implements Serializable {
    /** Whether a tile has a mirror image with a file of its own. */
    boolean mirrored(Tile tile) {
      return mirror && tile.row() != tile.column();
    }
  }

  /**
   * The tiles in {@code folder}.
   *
   * @param attempt what makes temporary names differ from those of another attempt
   */
  TileStore(
      Configuration hadoop, String folder, long attempt, TileWriter.Form form, Contents contents) {
    this.hadoop = hadoop;
    this.folder = new Path(folder);
    this.sink = new TileWriter(hadoop, this.folder, attempt, form);
    this.contents = contents;
    this.footers = new TileFooters(this.folder, contents);
  }

  /**
   * A tile that is there already.
   *
   * @param summary for the report
   * @param facts what its footer says
   * @param bytes of its file
   */
  record Kept(TileSummary summary, Map<String, String> facts, long bytes) {}

  /**
   * The tile if it is there, whole, and of this run, and so its mirror image where it has one. A
   * file that is damaged is removed.
   */
  Optional<Kept> find(Tile tile, TileSummaries summaries, TaskReport report) throws IOException {
    Optional<Whole> whole = read(tile, report);
    long bytes = bytes(whole);
    if (whole.isPresent() && contents.mirrored(tile)) {
      Optional<Whole> image = read(tile.transposed(), report);
      if (image.isEmpty()) {
        return Optional.empty();
      }
      bytes += bytes(image);
    }
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    TileSummaries.Summed summed = summaries.of(tile, whole.get().values());
    try {
      requireSums(tile, summed.facts(), whole.get().facts());
    } catch (TangentsException e) {
      return damaged(tile, e, report);
    }
    return Optional.of(new Kept(summed.summary(), whole.get().facts(), bytes));
  }

  /** A tile that was read, its footer and the bytes of its file. */
  private record Whole(TileValues values, Map<String, String> facts, long bytes) {}

  private static long bytes(Optional<Whole> whole) {
    return whole.map(Whole::bytes).orElse(0L);
  }

  /**
   * The tile by its footer alone, if that is of this run and says what the report needs; and its
   * mirror image where it has one.
   */
  Optional<Kept> described(Tile tile, TileSummaries summaries) throws IOException {
    try {
      Map<String, String> facts = footers.facts(hadoop, tile);
      long bytes = bytes(tile);
      if (contents.mirrored(tile)) {
        bytes += bytes(tile.transposed());
      }
      long all = bytes;
      return summaries.of(tile, facts).map(summary -> new Kept(summary, facts, all));
    } catch (FileNotFoundException | TangentsException e) {
      return Optional.empty(); // who reads it says what is wrong with it
    }
  }

  private Optional<Whole> read(Tile tile, TaskReport report) throws IOException {
    Path file = file(tile);
    try (TileReader reader = TileReader.open(hadoop, file)) {
      footers.requireOwn(tile, reader.facts());
      return Optional.of(new Whole(reader.read(), reader.facts(), bytes(tile)));
    } catch (FileNotFoundException e) {
      return Optional.empty(); // not computed yet, or another attempt found it damaged
    } catch (TangentsException e) {
      return damaged(tile, e, report);
    }
  }

  private <T> Optional<T> damaged(Tile tile, TangentsException e, TaskReport report)
      throws IOException {
    report.advise("a tile was removed and computed again: " + e.getMessage());
    folder.getFileSystem(hadoop).delete(file(tile), false);
    return Optional.empty();
  }

  /** The sums of a footer are those of the numbers, if it has them. */
  private void requireSums(Tile tile, Map<String, String> expected, Map<String, String> facts) {
    expected.forEach(
        (key, sums) -> {
          if (!sums.equals(facts.getOrDefault(key, sums))) {
            throw TangentsException.data(
                "%s: the %s of its footer are not those of its numbers", file(tile), key);
          }
        });
  }

  private long bytes(Tile tile) throws IOException {
    return folder.getFileSystem(hadoop).getFileStatus(file(tile)).getLen();
  }

  /** Writes a tile, and its mirror image where both halves are wanted; returns the bytes. */
  long write(Tile tile, TileValues values, Map<String, String> facts) throws IOException {
    Map<String, String> all = new TreeMap<>(facts);
    all.put(RunHashes.FOOTER, contents.runs().of(tile));
    long rowStart = contents.grid().rows().first(tile.row());
    long columnStart = contents.grid().columns().first(tile.column());
    long bytes = sink.write(tile, rowStart, columnStart, values, all);
    if (contents.mirrored(tile)) {
      all.remove(TileSummaries.SUMS); // those of the other half
      all.remove(TileSummaries.LABEL_SUMS);
      bytes += sink.write(tile.transposed(), columnStart, rowStart, values.transposed(), all);
    }
    return bytes;
  }

  private Path file(Tile tile) {
    return footers.file(tile);
  }
}
