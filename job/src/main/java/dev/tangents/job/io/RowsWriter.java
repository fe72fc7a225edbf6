package dev.tangents.job.io;

import dev.tangents.exec.Precision;
import dev.tangents.job.rows.RowGraph.Part;
import dev.tangents.job.rows.RowValues;
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
 * Writes one file of {@code data/}: records sorted by sample, output, parameter. Columns: {@code
 * index}, {@code id} where a column is named, {@code output} (its place among those selected) and
 * {@code parameter} where a record belongs to one, {@code shape}, {@code values} (row-major).
 */
public final class RowsWriter implements AutoCloseable {
  private static final String VALUES = "values";

  private final Form form;
  private final ParquetSink<Cell> sink;

  private record Cell(long index, Scalar id, RowValues values, int row, int output, int part) {}

  /**
   * Form of the files.
   *
   * @param id type of the id column, NONE for no column
   * @param byOutput whether there is a column of outputs
   * @param byParameter whether there is a column of parameters
   * @param precision width of the values
   * @param footer key-values in every footer
   */
  public record Form(
      Scalar.Type id,
      boolean byOutput,
      boolean byParameter,
      Precision precision,
      Map<String, String> footer)
      implements java.io.Serializable {
    /** The same with the engine, and so the kind of BLAS kernels, named in every footer. */
    public Form by(String engine) {
      Map<String, String> more = new TreeMap<>(footer);
      more.put("tangents.engine", engine);
      return new Form(id, byOutput, byParameter, precision, more);
    }
  }

  /** Opens the file {@code path}. */
  public RowsWriter(Configuration hadoop, Path path, long attempt, Form form) throws IOException {
    this.form = form;
    this.sink =
        new ParquetSink<>(
            hadoop,
            path,
            attempt,
            new ParquetSink.Layout<>(schema(form), VALUES, form.footer(), this::put));
  }

  /** Appends the records of one sample: row {@code row} of the values. */
  public void write(long index, Scalar id, RowValues values, int row) throws IOException {
    int records = values.parts().get(0).records();
    for (int record = 0; record < records; record++) {
      for (int part = 0; part < values.parts().size(); part++) {
        sink.write(new Cell(index, id, values, row, record, part));
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
    Part part = cell.values().parts().get(cell.part());
    Fields.put(out, "index", 0, cell.index());
    int field = 1;
    if (form.id() != Scalar.Type.NONE) {
      Fields.put(out, "id", field++, cell.id());
    }
    if (form.byOutput()) {
      Fields.put(out, "output", field++, cell.output());
    }
    if (form.byParameter()) {
      Fields.put(out, "parameter", field++, part.parameter());
    }
    Fields.put(out, "shape", field++, part.shape());
    int from = cell.row() * part.size() + cell.output() * part.length();
    Fields.put(out, VALUES, field, cell.values().values(cell.part()), from, part.length());
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
    if (form.byParameter()) {
      fields.add(Fields.string("parameter"));
    }
    fields.add(Fields.integers("shape"));
    fields.add(Fields.numbers(VALUES, form.precision()));
    return new MessageType("rows", fields);
  }
}
