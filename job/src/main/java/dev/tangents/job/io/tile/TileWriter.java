package dev.tangents.job.io.tile;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.file.Checksum;
import dev.tangents.job.io.file.Commits;
import dev.tangents.job.io.file.DiskBuffer;
import dev.tangents.job.io.file.StagedFile;
import dev.tangents.job.io.parquet.NumbersColumn;
import dev.tangents.job.io.parquet.PagedFile;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes a tile as one Parquet file of {@code kernel/}, with the records and columns of {@link
 * TileRecords}. Pages are copied from the tile's arrays, without a call for each number. Not
 * thread-safe.
 */
public final class TileWriter implements TileSink {
  /** Key of a footer: which tile it is. */
  public static final String PLACE = "tangents.tile";

  private final Configuration hadoop;
  private final Path folder;
  private final long attempt;
  private final Form form;
  private final DiskBuffer memory = new DiskBuffer();

  /**
   * Form of the files.
   *
   * @param components names of components; one empty name if there is no such column
   * @param precision width of the values
   * @param compression of all columns
   * @param footer key-values in every footer, beside the tile's own
   */
  public record Form(
      List<String> components,
      Precision precision,
      Compression compression,
      Map<String, String> footer)
      implements java.io.Serializable {
    /** This form with the engine, and so the kind of BLAS kernels, named in every footer. */
    public Form by(String engine) {
      Map<String, String> more = new TreeMap<>(footer);
      more.put("tangents.engine", engine);
      return new Form(components, precision, compression, more);
    }
  }

  /**
   * A writer into a folder.
   *
   * @param attempt what makes temporary names differ from those of another attempt
   */
  public TileWriter(Configuration hadoop, Path folder, long attempt, Form form) {
    this.hadoop = hadoop;
    this.folder = folder;
    this.attempt = attempt;
    this.form = form;
  }

  /** What the footer of a tile says that it is. */
  public static String place(Tile tile) {
    return tile.row() + "," + tile.column();
  }

  @Override
  public long write(
      Tile tile, long rowStart, long columnStart, TileValues values, Map<String, String> facts)
      throws IOException {
    Cells cells = new Cells(values.form(), values.outputs(), form.components());
    TileRecords records =
        new TileRecords(
            tile, rowStart, columnStart, values.rows(), values.columns(), cells, form.precision());
    NumbersColumn numbers =
        new NumbersColumn(form.precision(), values.columns(), source(records, values));
    PagedFile.Layout layout =
        new PagedFile.Layout(TileRecords.NAME, records.columns(numbers), form.compression());
    Path path = new Path(folder, tile.fileName());
    return Commits.writing(
        path,
        () -> {
          StagedFile staged =
              StagedFile.unread(Commits.fileSystem(path, hadoop), path, attempt, memory);
          try (PagedFile file = new PagedFile(hadoop, staged, layout)) {
            file.append(0, records.count());
            Map<String, String> footer = new TreeMap<>(form.footer());
            footer.putAll(facts);
            footer.put(PLACE, place(tile));
            footer.put(Checksum.KEY, numbers.checksum());
            return file.commit(footer);
          }
        });
  }

  /** Rows of the tile's arrays, each copied whole. */
  private static NumbersColumn.Source source(TileRecords records, TileValues values) {
    List<Rows> components =
        values.components().stream().map(tensor -> rows(tensor, records)).toList();
    Cells cells = records.cells();
    return (first, count, page) -> {
      for (long record = first; record < first + count; record++) {
        components.get(cells.component(record)).put(records.position(record), page);
      }
    };
  }

  /** Copies the row that begins at a position to the end of a page. */
  @FunctionalInterface
  private interface Rows {
    void put(int position, ByteBuffer page);
  }

  private static Rows rows(HostTensor tensor, TileRecords records) {
    int length = records.columns();
    if (records.precision() == Precision.FLOAT) {
      float[] floats = tensor.floats();
      return (position, page) -> {
        page.asFloatBuffer().put(floats, position, length);
        page.position(page.position() + length * Float.BYTES);
      };
    }
    double[] doubles = tensor.doubles();
    return (position, page) -> {
      page.asDoubleBuffer().put(doubles, position, length);
      page.position(page.position() + length * Double.BYTES);
    };
  }
}
