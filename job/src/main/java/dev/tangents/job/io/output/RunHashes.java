package dev.tangents.job.io.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs that a kernel's tiles are from: the first one, and each append. A tile carries the hash
 * of the configuration and the samples of its run.
 *
 * @param runs in their order
 */
public record RunHashes(List<Run> runs) implements Serializable {
  /** Key of a tile's footer. */
  public static final String FOOTER = "tangents.configuration";

  private static final String HASH = "configuration-hash";
  private static final String ROWS = "row-panels";
  private static final String COLUMNS = "column-panels";

  /** Copies the list. */
  public RunHashes {
    runs = List.copyOf(runs);
  }

  /**
   * One run.
   *
   * @param hash of everything that its numbers depend on
   * @param rows row panels when it was complete
   * @param columns column panels when it was complete
   */
  public record Run(String hash, int rows, int columns) implements Serializable {}

  /** No run yet. */
  public static RunHashes none() {
    return new RunHashes(List.of());
  }

  /** These and the run that completes a grid. */
  public RunHashes and(String hash, TileGrid grid) {
    List<Run> all = new ArrayList<>(runs);
    all.add(new Run(hash, grid.rows().count(), grid.columns().count()));
    return new RunHashes(all);
  }

  /** Hash of the run that a tile, or its mirror image in a symmetric kernel, is from. */
  public String of(Tile tile) {
    return runs.stream()
        .filter(run -> tile.row() < run.rows() && tile.column() < run.columns())
        .map(Run::hash)
        .findFirst()
        .orElseThrow(() -> new IndexOutOfBoundsException(tile.toString()));
  }

  /** Hash of the last run, which names the whole. */
  public String last() {
    return runs.get(runs.size() - 1).hash();
  }

  /** The runs as they stand in a manifest. */
  public List<Map<String, Object>> facts() {
    List<Map<String, Object>> facts = new ArrayList<>();
    for (Run run : runs) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put(HASH, run.hash());
      entry.put(ROWS, run.rows());
      entry.put(COLUMNS, run.columns());
      facts.add(entry);
    }
    return facts;
  }

  /** Reads the runs from a manifest. */
  static RunHashes parse(JsonNode facts) {
    List<Run> runs = new ArrayList<>();
    facts.forEach(
        entry ->
            runs.add(
                new Run(
                    entry.path(HASH).asText(),
                    entry.path(ROWS).asInt(),
                    entry.path(COLUMNS).asInt())));
    return new RunHashes(runs);
  }
}
