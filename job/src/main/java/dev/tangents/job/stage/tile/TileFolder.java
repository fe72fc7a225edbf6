package dev.tangents.job.stage.tile;

import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What lies in the folder of a kernel's tiles, by its names.
 *
 * @param visible files and folders that a reader of the folder sees
 */
public record TileFolder(List<FileStatus> visible) {
  private static final Pattern NAME = Pattern.compile("tile-(\\d{1,9})-(\\d{1,9})\\.parquet");

  /** Copies the list. */
  public TileFolder {
    visible = List.copyOf(visible);
  }

  /** Lists a folder; nothing if it is not there. */
  public static TileFolder of(Configuration hadoop, Path folder) throws IOException {
    FileSystem fs = folder.getFileSystem(hadoop);
    if (!fs.exists(folder)) {
      return new TileFolder(List.of());
    }
    return new TileFolder(
        Arrays.stream(fs.listStatus(folder))
            .filter(file -> !file.getPath().getName().matches("[_.].*"))
            .toList());
  }

  /** Folders where the file of a tile belongs. */
  public List<Path> folders() {
    return visible.stream()
        .filter(file -> file.isDirectory() && tile(file).isPresent())
        .map(FileStatus::getPath)
        .toList();
  }

  /**
   * What is none of the tiles, which a reader of the folder would take for theirs.
   *
   * @param mirrored whether tiles beside the diagonal are there twice
   */
  public List<Path> strangers(TileGrid grid, boolean mirrored) {
    return visible.stream()
        .filter(file -> tile(file).filter(tile -> own(tile, grid, mirrored)).isEmpty())
        .map(FileStatus::getPath)
        .toList();
  }

  /** The strangers without tiles of rows or columns beyond the grid, which belong to an append. */
  public List<Path> strangersWithin(TileGrid grid, boolean mirrored) {
    return visible.stream()
        .filter(
            file ->
                tile(file)
                    .filter(tile -> own(tile, grid, mirrored) || beyond(tile, grid))
                    .isEmpty())
        .map(FileStatus::getPath)
        .toList();
  }

  private static boolean own(Tile tile, TileGrid grid, boolean mirrored) {
    return !beyond(tile, grid) && (!grid.symmetric() || mirrored || tile.row() <= tile.column());
  }

  private static boolean beyond(Tile tile, TileGrid grid) {
    return tile.row() >= grid.rows().count() || tile.column() >= grid.columns().count();
  }

  /** The tile of whose file something has the name. */
  private static Optional<Tile> tile(FileStatus file) {
    String name = file.getPath().getName();
    Matcher numbers = NAME.matcher(name);
    return numbers.matches()
        ? Optional.of(
                new Tile(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))))
            .filter(tile -> tile.fileName().equals(name))
        : Optional.empty();
  }
}
