package dev.tangents.job.stage.tile;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.plan.TilesThere;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Looks at the tiles that are in a folder by what costs little: names of files, then the footers of
 * those that are there, on all executors. Whether numbers are as they were written it does not see.
 */
public final class PresentTiles implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Footers are of uneven cost, so a task slot gets several shares of them. */
  private static final int SHARES = 4;

  private final TileStore.Contents contents;
  private final String folder;
  private final Broadcast<SerializableConfiguration> hadoop;

  private PresentTiles(
      TileStore.Contents contents, String folder, Broadcast<SerializableConfiguration> hadoop) {
    this.contents = contents;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /**
   * What there is.
   *
   * @param goesOn whether a run goes on, and keeps tiles of no earlier result that are there
   */
  public static TilesThere look(
      JavaSparkContext spark, TileStore.Contents contents, OutputFolder output, boolean goesOn)
      throws IOException {
    TileGrid grid = contents.grid();
    Set<String> names = output.files("kernel");
    Predicate<Tile> there =
        tile ->
            (goesOn || grid.known(tile))
                && names.contains(tile.fileName())
                && (!contents.mirrored(tile) || names.contains(tile.transposed().fileName()));
    List<Tile> found = grid.tiles().filter(there).toList();
    List<Tile> absent = grid.tiles().filter(there.negate()).toList();
    PresentTiles look =
        new PresentTiles(
            contents,
            output.child("kernel").toString(),
            spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
    List<Tile> damaged = look.damaged(spark, found);
    return new TilesThere(
        found.size() - damaged.size(),
        damaged,
        absent.stream().filter(grid::known).toList(),
        absent.stream().filter(tile -> !grid.known(tile)).toList());
  }

  private List<Tile> damaged(JavaSparkContext spark, List<Tile> found) {
    if (found.isEmpty()) {
      return List.of();
    }
    // Pairs of numbers, because Spark may send them through Kryo, which cannot make records.
    List<int[]> places = new ArrayList<>();
    found.forEach(tile -> places.add(new int[] {tile.row(), tile.column()}));
    int shares = Math.min(found.size(), SHARES * spark.defaultParallelism());
    return spark.parallelize(places, shares).filter(this::isDamaged).collect().stream()
        .map(place -> new Tile(place[0], place[1]))
        .collect(Collectors.toList());
  }

  private boolean isDamaged(int[] place) throws IOException {
    Tile tile = new Tile(place[0], place[1]);
    try {
      new TileFooters(new Path(folder), contents).facts(hadoop.value().value(), tile);
      return false;
    } catch (FileNotFoundException | TangentsException e) {
      return true;
    }
  }
}
