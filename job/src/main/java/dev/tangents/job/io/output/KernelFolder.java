package dev.tangents.job.io.output;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.tile.Cells;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileRecords;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A complete result of {@code gram}, as its manifest describes it.
 *
 * @param folder the output folder
 * @param runs that its tiles are from
 * @param symmetric whether it holds the tiles with row &lt;= column, which are then all there is to
 *     know
 * @param rows bounds of the panels of the rows
 * @param columns bounds of the panels of the columns
 * @param cells blocks and components
 * @param precision width of the numbers
 */
public record KernelFolder(
    String folder,
    RunHashes runs,
    boolean symmetric,
    Bounds rows,
    Bounds columns,
    Cells cells,
    Precision precision)
    implements Serializable {
  /**
   * Samples cut into panels, which need not be of equal size.
   *
   * @param starts index of each panel's first sample, then N
   */
  public record Bounds(List<Long> starts) implements Serializable {
    /** Copies the list. */
    public Bounds {
      starts = List.copyOf(starts);
    }

    /** Number of panels. */
    public int panels() {
      return starts.size() - 1;
    }

    /** Index of a panel's first sample. */
    public long first(int panel) {
      return starts.get(panel);
    }

    /** Samples of a panel. */
    public int size(int panel) {
      return Math.toIntExact(starts.get(panel + 1) - starts.get(panel));
    }

    /** Number of samples. */
    public long samples() {
      return starts.get(panels());
    }

    /** This side's panels, their size being known. */
    public Panels panels(int size) {
      return Panels.of(starts, size);
    }
  }

  /**
   * Opens a result.
   *
   * @throws TangentsException of category USER if the folder holds no complete kernel
   */
  public static KernelFolder open(Configuration hadoop, String folder) throws IOException {
    return open(hadoop, folder, KernelManifest.read(hadoop, folder));
  }

  /** Opens a result whose manifest has been read. */
  public static KernelFolder open(Configuration hadoop, String folder, KernelManifest manifest)
      throws IOException {
    Path path = new Path(folder);
    List<KernelManifest.Side> sides = manifest.sides();
    return new KernelFolder(
        path.getFileSystem(hadoop).makeQualified(path).toString(),
        manifest.runs(),
        manifest.symmetric(),
        sides.get(0).bounds(),
        sides.get(sides.size() - 1).bounds(),
        new Cells(manifest.form(), manifest.outputs(), manifest.components()),
        manifest.precision());
  }

  private KernelFolder with(Cells named) {
    return new KernelFolder(folder, runs, symmetric, rows, columns, named, precision);
  }

  /**
   * This kernel with one component alone.
   *
   * @throws TangentsException of category USER if there is no such component
   */
  public KernelFolder only(String component) {
    if (!cells.named() || !cells.components().contains(component)) {
      throw TangentsException.user(
          "component: %s has no component '%s'; expected %s",
          folder,
          component,
          cells.named()
              ? "one of " + String.join(", ", cells.components())
              : "none: its run was without --components");
    }
    return with(cells.of(List.of(component)));
  }

  /**
   * Checks that a file holds a tile of this kernel: one of another run may lie in the folder, whole
   * in itself.
   *
   * @throws TangentsException of category DATA if it does not
   */
  public void requireOwn(Tile tile, TileRecords found) {
    TileRecords expected =
        new TileRecords(
            tile,
            rows.first(tile.row()),
            columns.first(tile.column()),
            rows.size(tile.row()),
            columns.size(tile.column()),
            found.cells(),
            precision);
    if (!found.equals(expected)
        || found.cells().blocks() != cells.blocks()
        || !found.cells().components().containsAll(cells.components())) {
      throw TangentsException.data(
          "%s: holds %s; expected %s as in %s",
          tile(tile), text(found, found.cells()), text(expected, cells), OutputFolder.MANIFEST);
    }
  }

  private static String text(TileRecords records, Cells cells) {
    String parts = cells.named() ? " of " + String.join(", ", cells.components()) : "";
    return "%s with %s%s"
        .formatted(records.text(), Amounts.counted(cells.blocks(), "block"), parts);
  }

  /**
   * Reads a tile whole.
   *
   * @throws TangentsException of category DATA if it is damaged, or not this kernel's
   */
  public TileValues read(Configuration hadoop, Tile tile) throws IOException {
    try (TileReader reader = TileReader.open(hadoop, tile(tile))) {
      requireOwn(tile, reader.records());
      String found = reader.facts().get(RunHashes.FOOTER);
      if (!runs.of(tile).equals(found)) {
        throw TangentsException.data(
            "%s: is of another run (configuration %s, expected %s)",
            tile(tile), found, runs.of(tile));
      }
      return reader.read();
    }
  }

  /** File of a tile. */
  public Path tile(Tile tile) {
    return new Path(new Path(folder, "kernel"), tile.fileName());
  }

  /** File of the samples of a panel of rows. */
  public Path samples(int panel) {
    return new Path(new Path(folder, "samples"), Panels.fileName(panel));
  }

  /** File of the samples of a panel of columns. */
  public Path columnSamples(int panel) {
    return new Path(new Path(folder, symmetric ? "samples" : "samples2"), Panels.fileName(panel));
  }
}
