package dev.tangents.job.io.panel;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.parquet.Fields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.ByteBufferReleaser;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/** Reads the features of a panel, page by page, straight into one array. */
public final class PanelReader {
  private PanelReader() {}

  /** Names of the columns of a panel, with the types that lie in the file. */
  public static List<String> columns(Configuration hadoop, Path path) throws IOException {
    try (ParquetFileReader file = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      return Fields.described(file.getFileMetaData().getSchema());
    }
  }

  /**
   * The features of a panel's samples, [rows, width].
   *
   * @throws TangentsException of category DATA if the file has another number of features
   */
  public static HostTensor features(
      Configuration hadoop, Path path, int rows, int width, Precision precision)
      throws IOException {
    HostTensor features = HostTensor.zeros(Shape.of(rows, width), precision);
    long records = 0;
    long numbers = 0;
    ParquetReadOptions options =
        HadoopReadOptions.builder(hadoop, path).usePageChecksumVerification(true).build();
    try (ParquetFileReader file =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop), options)) {
      MessageType all = file.getFileMetaData().getSchema();
      file.setRequestedSchema(new MessageType(all.getName(), all.getType("features")));
      ColumnDescriptor column =
          file.getFileMetaData().getSchema().getColumns().stream()
              .filter(found -> found.getPath()[0].equals("features"))
              .findFirst()
              .orElseThrow();
      for (PageReadStore group = file.readNextRowGroup();
          group != null;
          group = file.readNextRowGroup()) {
        PageReader reader = group.getPageReader(column);
        for (DataPage page = reader.readPage(); page != null; page = reader.readPage()) {
          put(path, page, features, numbers);
          numbers += page.getValueCount();
        }
        records += group.getRowCount();
      }
    }
    if (records != rows || numbers != features.shape().size()) {
      throw TangentsException.data(
          "%s: expected %,d samples of %,d features, got %,d with %,d numbers. %s",
          path, rows, width, records, numbers, PanelFault.CURE);
    }
    return features;
  }

  /** Copies the numbers of a page to a place; what does not fit is left out, and counted. */
  private static void put(Path path, DataPage page, HostTensor features, long place)
      throws IOException {
    try (ByteBufferReleaser releaser =
        new ByteBufferReleaser(HeapByteBufferAllocator.getInstance())) {
      put(path, page, numbers(path, page, releaser), features, place);
    }
  }

  private static void put(
      Path path, DataPage page, ByteBuffer numbers, HostTensor features, long place) {
    int width = features.precision().bytes();
    if (numbers.remaining() != (long) page.getValueCount() * width) {
      throw TangentsException.data(
          "%s: a page of features holds %,d bytes, expected %,d for its %,d numbers. %s",
          path,
          numbers.remaining(),
          (long) page.getValueCount() * width,
          page.getValueCount(),
          PanelFault.CURE);
    }
    int room = (int) Math.max(0, Math.min(page.getValueCount(), features.shape().size() - place));
    if (features.precision() == Precision.FLOAT) {
      numbers.asFloatBuffer().get(features.floats(), (int) place, room);
    } else {
      numbers.asDoubleBuffer().get(features.doubles(), (int) place, room);
    }
  }

  /** The PLAIN numbers of a page, behind its levels. */
  private static ByteBuffer numbers(Path path, DataPage page, ByteBufferReleaser releaser)
      throws IOException {
    if (page instanceof DataPageV2 data && data.getDataEncoding() == Encoding.PLAIN) {
      return data.getData().toByteBuffer(releaser).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (page instanceof DataPageV1 data && data.getValueEncoding() == Encoding.PLAIN) {
      ByteBuffer bytes = data.getBytes().toByteBuffer(releaser).order(ByteOrder.LITTLE_ENDIAN);
      for (int levels = 0; levels < 2; levels++) { // of repetition, of definition
        int length = bytes.getInt();
        bytes.position(bytes.position() + length);
      }
      return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
    throw TangentsException.data(
        "%s: its features are not in PLAIN pages, so this program has not written them. %s",
        path, PanelFault.CURE);
  }
}
