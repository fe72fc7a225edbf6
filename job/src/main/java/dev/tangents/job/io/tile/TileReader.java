package dev.tangents.job.io.tile;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.file.Checksum;
import dev.tangents.job.io.parquet.NumbersColumn;
import dev.tangents.job.io.parquet.PagedColumn;
import dev.tangents.job.io.parquet.PagedFile;
import dev.tangents.job.plan.Tile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.ByteBufferReleaser;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Reads a tile that {@link TileWriter} wrote, page by page: the file must be what it would write
 * again, and its numbers must have the checksum that the footer names. Page checksums are checked
 * too, unless Hadoop's configuration says {@code parquet.page.verify-checksum.enabled=false}. What
 * it finds wrong it says without a cure: some who read tiles compute a damaged one again
 * themselves.
 */
public final class TileReader implements AutoCloseable {
  private static final ByteBufferAllocator ALLOCATOR = HeapByteBufferAllocator.getInstance();
  private static final String PAGE_CHECKSUMS = "parquet.page.verify-checksum.enabled";

  private final Path path;
  private final ParquetFileReader file;
  private final TileRecords records;

  private TileReader(Path path, ParquetFileReader file, TileRecords records) {
    this.path = path;
    this.file = file;
    this.records = records;
  }

  /** Something done with a file, which fails in many ways if the file is damaged. */
  @FunctionalInterface
  private interface Reading<T> {
    T run() throws IOException;
  }

  /** Takes the numbers of one page, little-endian, in the order of the records. */
  @FunctionalInterface
  public interface Pages {
    /** Takes the numbers of {@code count} records, of which {@code first} is the first. */
    void take(long first, int count, ByteBuffer numbers);
  }

  /**
   * The key-values of a tile's footer; nothing else is read.
   *
   * @throws TangentsException of category DATA if there is no footer that can be read
   * @throws FileNotFoundException if there is no such file
   */
  public static Map<String, String> facts(Configuration hadoop, Path path) throws IOException {
    return reading(
        path,
        () -> {
          ParquetReadOptions options =
              options(hadoop, path)
                  .withMetadataFilter(ParquetMetadataConverter.SKIP_ROW_GROUPS)
                  .build();
          try (ParquetFileReader file =
              ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop), options)) {
            return file.getFileMetaData().getKeyValueMetaData();
          }
        });
  }

  /**
   * Opens a tile.
   *
   * @throws TangentsException of category DATA if the file is damaged or no tile
   * @throws FileNotFoundException if there is no such file
   */
  public static TileReader open(Configuration hadoop, Path path) throws IOException {
    ParquetFileReader file =
        reading(
            path,
            () ->
                ParquetFileReader.open(
                    HadoopInputFile.fromPath(path, hadoop), options(hadoop, path).build()));
    try {
      return new TileReader(path, file, reading(path, () -> TileFooter.records(file)));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static ParquetReadOptions.Builder options(Configuration hadoop, Path path) {
    return HadoopReadOptions.builder(hadoop, path)
        .usePageChecksumVerification(hadoop.getBoolean(PAGE_CHECKSUMS, true));
  }

  private static <T> T reading(Path path, Reading<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (TangentsException | FileNotFoundException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw TangentsException.data(
              "%s: cannot be read as a tile: %s", path, e.getMessage() == null ? e : e.getMessage())
          .causedBy(e);
    }
  }

  /** Which tile it is. */
  public Tile tile() {
    return records.tile();
  }

  /** Index of its first row. */
  public long rowStart() {
    return records.rowStart();
  }

  /** Index of its first column. */
  public long columnStart() {
    return records.columnStart();
  }

  /** Names of components; one empty name if they are not kept apart. */
  public List<String> components() {
    return records.cells().components();
  }

  /** The key-values of its footer. */
  public Map<String, String> facts() {
    return file.getFileMetaData().getKeyValueMetaData();
  }

  /** What its records are. */
  public TileRecords records() {
    return records;
  }

  /**
   * The numbers of the tile.
   *
   * @throws TangentsException of category DATA if anything in the file is not as it was written
   */
  public TileValues read() throws IOException {
    Cells cells = records.cells();
    Shape shape = Shape.of(cells.blocks(), records.rows(), records.columns());
    List<HostTensor> components = new ArrayList<>();
    for (int i = 0; i < cells.components().size(); i++) {
      components.add(HostTensor.zeros(shape, records.precision()));
    }
    pages((first, count, numbers) -> fill(components, first, count, numbers));
    return new TileValues(cells.form(), cells.outputs(), components);
  }

  private void fill(List<HostTensor> components, long first, int count, ByteBuffer numbers) {
    int length = records.columns();
    for (long record = first; record < first + count; record++) {
      HostTensor tensor = components.get(records.cells().component(record));
      int to = records.position(record);
      if (records.precision() == Precision.FLOAT) {
        numbers.asFloatBuffer().get(tensor.floats(), to, length);
      } else {
        numbers.asDoubleBuffer().get(tensor.doubles(), to, length);
      }
      numbers.position(numbers.position() + length * records.precision().bytes());
    }
  }

  /**
   * Hands out its numbers, whose checksum is known at the end.
   *
   * @throws TangentsException of category DATA if anything in the file is not as it was written
   */
  public void pages(Pages pages) throws IOException {
    Checksum checksum = new Checksum();
    reading(
        path,
        () -> {
          long first = 0;
          for (int group = 0; group < file.getRowGroups().size(); group++) {
            PageReadStore store = file.readRowGroup(group);
            group(store, first, checksum, pages);
            first += store.getRowCount();
          }
          return null;
        });
    String expected = facts().get(Checksum.KEY);
    if (!checksum.toString().equals(expected)) {
      throw TangentsException.data(
          "%s: checksum of the numbers: expected %s as in the footer, got %s",
          path, expected, checksum);
    }
  }

  private void group(PageReadStore store, long first, Checksum checksum, Pages pages) {
    NumbersColumn payload =
        new NumbersColumn(records.precision(), records.columns(), (from, count, page) -> {});
    MessageType schema = file.getFileMetaData().getSchema();
    List<PagedColumn> columns = records.columns(payload);
    for (int i = 0; i < columns.size(); i++) {
      PagedColumn column = columns.get(i);
      ColumnDescriptor descriptor = schema.getColumns().get(i);
      PageReader reader = store.getPageReader(descriptor);
      long from = first;
      for (DataPage page = reader.readPage(); page != null; page = reader.readPage()) {
        DataPageV2 data = plain(page, column);
        try (ByteBufferReleaser releaser = new ByteBufferReleaser(ALLOCATOR)) {
          requireLevels(data, column, from, releaser);
          ByteBuffer bytes = data.getData().toByteBuffer(releaser).order(ByteOrder.LITTLE_ENDIAN);
          if (column == payload) {
            require(bytes.remaining() == (long) data.getRowCount() * column.bytes(), column);
            checksum.add(bytes);
            pages.take(from, data.getRowCount(), bytes);
          } else {
            BytesInput expected = column.data(from, data.getRowCount(), column.statistics());
            require(equal(expected, data.getData(), releaser), column);
          }
        }
        from += data.getRowCount();
      }
      require(from == first + store.getRowCount(), column);
    }
  }

  /** The page, if it is coded as those of {@link PagedFile}. */
  private DataPageV2 plain(DataPage page, PagedColumn column) {
    if (page instanceof DataPageV2 data && data.getDataEncoding() == Encoding.PLAIN) {
      return data;
    }
    throw TangentsException.data(
        "%s: column %s is not in PLAIN pages of version 2", path, column.type().getName());
  }

  private void requireLevels(
      DataPageV2 page, PagedColumn column, long first, ByteBufferReleaser releaser) {
    int count = page.getRowCount();
    require(
        page.getValueCount() == (long) count * column.values()
            && equal(column.repetitionLevels(count), page.getRepetitionLevels(), releaser)
            && equal(column.definitionLevels(first, count), page.getDefinitionLevels(), releaser),
        column);
  }

  private static boolean equal(BytesInput a, BytesInput b, ByteBufferReleaser releaser) {
    return a.toByteBuffer(releaser).equals(b.toByteBuffer(releaser));
  }

  private void require(boolean asWritten, PagedColumn column) {
    if (!asWritten) {
      throw TangentsException.data(
          "%s: column %s is not as it was written", path, column.type().getName());
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
