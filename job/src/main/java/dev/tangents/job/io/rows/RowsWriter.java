package dev.tangents.job.io.rows;

import dev.tangents.exec.Precision;
import dev.tangents.job.io.parquet.Fields;
import dev.tangents.job.io.parquet.ParquetSink;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowValues;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Writes one file of records of each sample, sorted by sample, output, parameter. Columns: {@code
 * index}, {@code id} where a column is named, {@code output} (its place among those selected) where
 * a record belongs to one, single numbers ({@code loss}, {@code det}, ...), {@code parameter} where
 * a record belongs to one, {@code shape} and {@code values} (row-major).
 */
public final class RowsWriter implements AutoCloseable {
  private final Form form;
  private final List<Integer> scalars;
  private final List<Integer> arrays;
  private final ParquetSink<Cell> sink;

  private record Cell(long index, Scalar id, RowValues values, int row, int record, int array) {}

  /**
   * Form of the files.
   *
   * @param id type of the id column, NONE for no column
   * @param byOutput whether there is a column of outputs
   * @param shaped whether there is a column of shapes
   * @param parts what a sample's records are made of
   * @param precision width of the values
   * @param footer key-values in every footer
   */
  public record Form(
      Scalar.Type id,
      boolean byOutput,
      boolean shaped,
      List<Part> parts,
      Precision precision,
      Map<String, String> footer)
      implements Serializable {
    /** This form with the engine, and so the kind of BLAS kernels, named in every footer. */
    public Form by(String engine) {
      Map<String, String> more = new TreeMap<>(footer);
      more.put("tangents.engine", engine);
      return new Form(id, byOutput, shaped, parts, precision, more);
    }

    private List<Integer> scalars() {
      return indices(parts.stream().map(Part::isScalar).toList());
    }

    private List<Integer> arrays() {
      return indices(parts.stream().map(part -> part.column().equals(Part.VALUES)).toList());
    }

    private static List<Integer> indices(List<Boolean> chosen) {
      return IntStream.range(0, chosen.size()).filter(chosen::get).boxed().toList();
    }

    private boolean byParameter() {
      return parts.stream().anyMatch(part -> !part.parameter().isEmpty());
    }
  }

  /** Opens the file {@code path}. */
  public RowsWriter(Configuration hadoop, Path path, long attempt, Form form) throws IOException {
    this.form = form;
    this.scalars = form.scalars();
    this.arrays = form.arrays();
    String payload = arrays.isEmpty() ? "none" : Part.VALUES;
    this.sink =
        new ParquetSink<>(
            hadoop,
            path,
            attempt,
            new ParquetSink.Layout<>(schema(form), payload, form.footer(), this::put));
  }

  /** Appends the records of one sample: row {@code row} of the values. */
  public void write(long index, Scalar id, RowValues values, int row) throws IOException {
    int first = arrays.isEmpty() ? scalars.get(0) : arrays.get(0);
    int records = form.parts().get(first).records();
    for (int record = 0; record < records; record++) {
      if (arrays.isEmpty()) {
        sink.write(new Cell(index, id, values, row, record, -1));
      }
      for (int array : arrays) {
        sink.write(new Cell(index, id, values, row, record, array));
      }
    }
  }

  /** Completes the file and gives it its name; returns its bytes. */
  public long commit() throws IOException {
    return sink.commit();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }

  private void put(RecordConsumer out, Cell cell) {
    Fields.put(out, "index", 0, cell.index());
    int field = 1;
    if (form.id() != Scalar.Type.NONE) {
      Fields.put(out, "id", field++, cell.id());
    }
    if (form.byOutput()) {
      Fields.put(out, "output", field++, cell.record());
    }
    for (int scalar : scalars) {
      Part part = form.parts().get(scalar);
      int at = cell.row() * part.size() + (part.records() == 1 ? 0 : cell.record());
      Fields.put(out, part.column(), field++, cell.values().values(scalar).at(at));
    }
    if (cell.array() >= 0) {
      putArray(out, cell, field);
    }
  }

  private void putArray(RecordConsumer out, Cell cell, int next) {
    Part part = form.parts().get(cell.array());
    int field = next;
    if (form.byParameter()) {
      Fields.put(out, "parameter", field++, part.parameter());
    }
    if (form.shaped()) {
      Fields.put(out, "shape", field++, part.shape());
    }
    int from = cell.row() * part.size() + cell.record() * part.length();
    Fields.put(out, Part.VALUES, field, cell.values().values(cell.array()), from, part.length());
  }

  private static MessageType schema(Form form) {
    List<Type> fields = new ArrayList<>();
    fields.add(Fields.bigint("index"));
    if (form.id() != Scalar.Type.NONE) {
      fields.add(Fields.scalar("id", form.id()));
    }
    if (form.byOutput()) {
      fields.add(Fields.integer("output"));
    }
    form.scalars().forEach(i -> fields.add(Fields.number(form.parts().get(i).column())));
    if (!form.arrays().isEmpty()) {
      if (form.byParameter()) {
        fields.add(Fields.string("parameter"));
      }
      if (form.shaped()) {
        fields.add(Fields.integers("shape"));
      }
      fields.add(Fields.numbers(Part.VALUES, form.precision()));
    }
    return new MessageType("rows", fields);
  }
}
