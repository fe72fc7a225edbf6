package dev.tangents.job.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A complete result of {@code gram}, as its manifest describes it.
 *
 * @param folder the output folder
 * @param hash of the configuration that it was computed with
 * @param symmetric whether it holds the tiles with row &lt;= column, which are then all there is to
 *     know
 * @param rows bounds of the panels of the rows
 * @param columns bounds of the panels of the columns
 * @param cells blocks and components
 * @param precision width of the numbers
 */
public record KernelFolder(
    String folder,
    String hash,
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
  }

  /**
   * Opens a result.
   *
   * @throws TangentsException of category USER if the folder holds no complete kernel
   */
  public static KernelFolder open(Configuration hadoop, String folder) throws IOException {
    Path path = new Path(folder);
    FileSystem fs = path.getFileSystem(hadoop);
    JsonNode manifest = manifest(fs, path);
    if (!manifest.path("command").asText().equals("gram")) {
      throw TangentsException.user(
          "output: %s holds the result of '%s'; expected that of 'gram'. Give the folder of a kernel",
          folder, manifest.path("command").asText());
    }
    TileValues.Form form =
        switch (manifest.path("kernel").asText()) {
          case "full" -> TileValues.Form.FULL;
          case "per-output" -> TileValues.Form.PER_OUTPUT;
          default -> TileValues.Form.SINGLE;
        };
    boolean symmetric = manifest.path("symmetric").asBoolean();
    Cells cells = new Cells(form, manifest.path("O").asInt(), List.of(""));
    Bounds rows = bounds(manifest.path("samples"));
    KernelFolder kernel =
        new KernelFolder(
            fs.makeQualified(path).toString(),
            manifest.path("configuration-hash").asText(),
            symmetric,
            rows,
            symmetric ? rows : bounds(manifest.path("samples2")),
            cells,
            Precision.valueOf(manifest.path("dtype").asText().toUpperCase(Locale.ROOT)));
    try (TileReader first = TileReader.open(hadoop, kernel.tile(new Tile(0, 0)))) {
      return kernel.with(cells.of(first.components()));
    }
  }

  private static JsonNode manifest(FileSystem fs, Path folder) throws IOException {
    Path manifest = new Path(folder, OutputFolder.MANIFEST);
    if (!fs.exists(folder)) {
      throw TangentsException.user("output: %s: no such folder. Check the path", folder);
    }
    if (!fs.exists(new Path(folder, OutputFolder.SUCCESS)) || !fs.exists(manifest)) {
      throw TangentsException.user(
          "output: %s is not complete: it has no %s. Let its run end first",
          folder, OutputFolder.SUCCESS);
    }
    try (InputStream in = fs.open(manifest)) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static Bounds bounds(JsonNode samples) {
    List<Long> starts = new ArrayList<>(List.of(0L));
    samples.path("panels").forEach(panel -> starts.add(panel.path(1).asLong()));
    return new Bounds(starts);
  }

  private KernelFolder with(Cells named) {
    return new KernelFolder(folder, hash, symmetric, rows, columns, named, precision);
  }

  /**
   * The same with one component alone.
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

  /** File of a tile. */
  Path tile(Tile tile) {
    return new Path(new Path(folder, "kernel"), tile.fileName());
  }

  /** File of the samples of a panel of rows. */
  Path samples(int panel) {
    return new Path(new Path(folder, "samples"), Panels.fileName(panel));
  }
}
