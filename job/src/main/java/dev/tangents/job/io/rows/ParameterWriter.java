package dev.tangents.job.io.rows;

import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.parquet.Fields;
import dev.tangents.job.io.parquet.ParquetSink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;

/** Writes one parameter of an aggregate gradient: {@code parameter, shape, values}. */
public final class ParameterWriter {
  private static final String VALUES = "values";

  private ParameterWriter() {}

  private record Row(String parameter, List<Integer> shape, HostTensor values) {}

  /** Writes the file {@code path} and returns its bytes. */
  public static long write(
      Configuration hadoop,
      Path path,
      long attempt,
      String parameter,
      List<Integer> shape,
      HostTensor values,
      Map<String, String> footer)
      throws IOException {
    MessageType schema =
        new MessageType(
            "gradient",
            Fields.string("parameter"),
            Fields.integers("shape"),
            Fields.numbers(VALUES, values.precision()));
    ParquetSink.Layout<Row> layout =
        new ParquetSink.Layout<>(
            schema,
            VALUES,
            footer,
            (out, row) -> {
              Fields.put(out, "parameter", 0, row.parameter());
              Fields.put(out, "shape", 1, row.shape());
              Fields.put(out, VALUES, 2, row.values(), 0, row.values().shape().intSize());
            });
    try (ParquetSink<Row> sink = new ParquetSink<>(hadoop, path, attempt, layout)) {
      sink.write(new Row(parameter, shape, values));
      return sink.commit();
    }
  }
}
