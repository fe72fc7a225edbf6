package dev.tangents.job.io;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Writes one panel of {@code samples/}: {@code index}, {@code id} and {@code label} where they are
 * asked for, and {@code features} as the network takes them, that is scaled and in the run's width.
 */
public final class PanelWriter implements AutoCloseable {
  private static final String FEATURES = "features";

  private final Form form;
  private final ParquetSink<Row> sink;

  private record Row(long index, Sample sample) {}

  /**
   * Form of the files.
   *
   * @param id type of the id column, NONE for no column
   * @param label type of the label column, NONE for no column
   * @param precision width of the features
   */
  public record Form(Scalar.Type id, Scalar.Type label, Precision precision)
      implements java.io.Serializable {
    /** Names of the columns with the types that lie in the file. */
    public List<String> columns() {
      return Fields.described(schema(this));
    }
  }

  /** Opens the file {@code path}. */
  public PanelWriter(Configuration hadoop, Path path, long attempt, Form form) throws IOException {
    this.form = form;
    ParquetSink.Layout<Row> layout =
        new ParquetSink.Layout<>(schema(form), FEATURES, Map.of(), this::put);
    this.sink = new ParquetSink<>(hadoop, path, attempt, layout);
  }

  /** Appends a sample. */
  public void write(long index, Sample sample) throws IOException {
    sink.write(new Row(index, sample));
  }

  /** Completes the file and gives it its name. */
  public void commit() throws IOException {
    sink.commit();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }

  private void put(RecordConsumer out, Row row) {
    Fields.put(out, "index", 0, row.index());
    int field = 1;
    if (form.id() != Scalar.Type.NONE) {
      Fields.put(out, "id", field++, row.sample().id());
    }
    if (form.label() != Scalar.Type.NONE) {
      Fields.put(out, "label", field++, row.sample().label());
    }
    double[] features = row.sample().features();
    HostTensor wide = HostTensor.of(Shape.of(features.length), features);
    HostTensor values =
        form.precision() == Precision.FLOAT ? HostTensor.of(wide.shape(), wide.floats()) : wide;
    Fields.put(out, FEATURES, field, values, 0, features.length);
  }

  private static MessageType schema(Form form) {
    List<Type> fields = new ArrayList<>();
    fields.add(Fields.bigint("index"));
    if (form.id() != Scalar.Type.NONE) {
      fields.add(Fields.scalar("id", form.id()));
    }
    if (form.label() != Scalar.Type.NONE) {
      fields.add(Fields.scalar("label", form.label()));
    }
    fields.add(Fields.numbers(FEATURES, form.precision()));
    return new MessageType("panel", fields);
  }
}
