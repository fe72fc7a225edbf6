package dev.tangents.job.io;

import dev.tangents.exec.Precision;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Writes a tile as one Parquet file of {@code kernel/}: a record for each (row, block, component),
 * sorted by row, then outputs, then component. Columns: {@code row_block, col_block, row,
 * col_start, values}, then {@code row_output, col_output} for a full kernel or {@code output} for
 * one per output, then {@code component} where components are kept apart.
 */
public final class TileWriter implements TileSink {
  private static final String VALUES = "values";

  private final Configuration hadoop;
  private final Path folder;
  private final long attempt;
  private final List<String> components;
  private final Precision precision;
  private final Map<String, String> footer;

  /**
   * Form of the files.
   *
   * @param components names of components; one empty name if there is no such column
   * @param precision width of the values
   * @param footer key-values in every footer, beside the tile's own
   */
  public record Form(List<String> components, Precision precision, Map<String, String> footer)
      implements java.io.Serializable {
    /** The same with the engine, and so the kind of BLAS kernels, named in every footer. */
    public Form by(String engine) {
      Map<String, String> more = new TreeMap<>(footer);
      more.put("tangents.engine", engine);
      return new Form(components, precision, more);
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
    this.components = form.components();
    this.precision = form.precision();
    this.footer = form.footer();
  }

  private record Cell(int row, int block, int component) {}

  @Override
  public long write(Tile tile, long rowStart, long columnStart, TileValues values)
      throws IOException {
    Map<String, String> keys = new TreeMap<>(footer);
    keys.put("tangents.tile", tile.row() + "," + tile.column());
    ParquetSink.Layout<Cell> layout =
        new ParquetSink.Layout<>(
            schema(values.form()),
            VALUES,
            keys,
            (out, cell) -> put(out, tile, rowStart + cell.row(), columnStart, values, cell));
    Path path = new Path(folder, tile.fileName());
    try (ParquetSink<Cell> sink = new ParquetSink<>(hadoop, path, attempt, layout)) {
      for (int row = 0; row < values.rows(); row++) {
        for (int block = 0; block < values.blocks(); block++) {
          for (int component = 0; component < components.size(); component++) {
            sink.write(new Cell(row, block, component));
          }
        }
      }
      return sink.commit();
    }
  }

  private void put(
      RecordConsumer out, Tile tile, long row, long columnStart, TileValues values, Cell cell) {
    Fields.put(out, "row_block", 0, tile.row());
    Fields.put(out, "col_block", 1, tile.column());
    Fields.put(out, "row", 2, row);
    Fields.put(out, "col_start", 3, columnStart);
    int from = (cell.block() * values.rows() + cell.row()) * values.columns();
    Fields.put(out, VALUES, 4, values.components().get(cell.component()), from, values.columns());
    int field = 5;
    switch (values.form()) {
      case SINGLE -> {}
      case PER_OUTPUT -> Fields.put(out, "output", field++, cell.block());
      case FULL -> {
        Fields.put(out, "row_output", field++, cell.block() / values.outputs());
        Fields.put(out, "col_output", field++, cell.block() % values.outputs());
      }
    }
    if (hasComponents()) {
      Fields.put(out, "component", field, components.get(cell.component()));
    }
  }

  private MessageType schema(TileValues.Form form) {
    List<Type> fields = new ArrayList<>();
    fields.add(Fields.integer("row_block"));
    fields.add(Fields.integer("col_block"));
    fields.add(Fields.bigint("row"));
    fields.add(Fields.bigint("col_start"));
    fields.add(Fields.numbers(VALUES, precision));
    switch (form) {
      case SINGLE -> {}
      case PER_OUTPUT -> fields.add(Fields.integer("output"));
      case FULL -> {
        fields.add(Fields.integer("row_output"));
        fields.add(Fields.integer("col_output"));
      }
    }
    if (hasComponents()) {
      fields.add(Fields.string("component"));
    }
    return new MessageType("tile", fields);
  }

  private boolean hasComponents() {
    return !components.equals(List.of(""));
  }
}
