package dev.tangents.job.io.panel;

import dev.tangents.job.io.parquet.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/** Reads the ids of a panel of {@code samples/}. */
public final class PanelIds {
  private static final String ID = "id";

  private PanelIds() {}

  /** The ids in the order of the samples; none if there is no such column. */
  public static List<Scalar> read(Configuration hadoop, Path path) throws IOException {
    MessageType schema;
    try (ParquetFileReader file = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      schema = file.getFileMetaData().getSchema();
    }
    List<Scalar> ids = new ArrayList<>();
    if (!schema.containsField(ID)) {
      return ids;
    }
    Configuration alone = new Configuration(hadoop);
    alone.set(
        ReadSupport.PARQUET_READ_SCHEMA,
        new MessageType(schema.getName(), schema.getType(ID)).toString());
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).withConf(alone).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        ids.add(id(row));
      }
    }
    return ids;
  }

  private static Scalar id(Group row) {
    return switch (row.getType().getType(0).asPrimitiveType().getPrimitiveTypeName()) {
      case INT64 -> Scalar.of(row.getLong(0, 0));
      case DOUBLE -> Scalar.of(row.getDouble(0, 0));
      default -> Scalar.of(row.getString(0, 0));
    };
  }
}
