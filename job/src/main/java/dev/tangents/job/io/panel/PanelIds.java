package dev.tangents.job.io.panel;

import dev.tangents.job.io.parquet.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/** Reads the ids of a panel of {@code samples/}. */
public final class PanelIds {
  private static final String ID = "id";

  private PanelIds() {}

  /** The ids in the order of the samples; none if there is no such column. */
  public static List<Scalar> read(Configuration hadoop, Path path) throws IOException {
    List<Scalar> ids = new ArrayList<>();
    try (ParquetFileReader file =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(path, hadoop),
            HadoopReadOptions.builder(hadoop, path).usePageChecksumVerification(true).build())) {
      FileMetaData facts = file.getFileMetaData();
      MessageType all = facts.getSchema();
      if (!all.containsField(ID)) {
        return ids;
      }
      MessageType alone = new MessageType(all.getName(), all.getType(ID));
      file.setRequestedSchema(alone);
      for (PageReadStore group = file.readNextRowGroup();
          group != null;
          group = file.readNextRowGroup()) {
        ColumnReadStoreImpl columns =
            new ColumnReadStoreImpl(
                group,
                new DummyRecordConverter(alone).getRootConverter(),
                alone,
                facts.getCreatedBy());
        add(columns.getColumnReader(alone.getColumns().get(0)), group.getRowCount(), ids);
      }
    }
    return ids;
  }

  private static void add(ColumnReader column, long rows, List<Scalar> ids) {
    ColumnDescriptor form = column.getDescriptor();
    for (long row = 0; row < rows; row++) {
      boolean there = column.getCurrentDefinitionLevel() == form.getMaxDefinitionLevel();
      ids.add(there ? id(column, form) : Scalar.NONE);
      column.consume();
    }
  }

  private static Scalar id(ColumnReader column, ColumnDescriptor form) {
    return switch (form.getPrimitiveType().getPrimitiveTypeName()) {
      case INT64 -> Scalar.of(column.getLong());
      case DOUBLE -> Scalar.of(column.getDouble());
      case BINARY -> Scalar.of(column.getBinary().toStringUsingUTF8());
      default -> throw new IllegalArgumentException("a column of ids that is " + form);
    };
  }
}
