package dev.tangents.job.io.parquet;

import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.file.StagedFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Writes one Parquet file page by page, past the record API, which takes every number by itself.
 * All pages are of version 2, PLAIN, with a checksum; a page of one column holds the records of one
 * page of each other column, so that a filter on one column skips the rest exactly. The bytes
 * depend on the records alone. The file is visible under its name only when it is whole.
 */
public final class PagedFile implements AutoCloseable {
  /**
   * What a filter on a row reads at least; 32 rows of a tile of 2,048 floats. A header of some 50
   * bytes is nothing beside it.
   */
  private static final long PAGE_BYTES = 256 << 10;

  /**
   * What a reader holds at least: Spark's batches of 4,096 records end with the row group, so that
   * a batch of wide rows takes this much and not 32 MiB. Large enough for one request to a store.
   */
  private static final long ROW_GROUP_BYTES = 8L << 20;

  /**
   * Level of Zstandard: 1 is the fastest, and more gains little on the digits of measured numbers.
   */
  private static final int ZSTD_LEVEL = 1;

  private final StagedFile file;
  private final List<PagedColumn> columns;
  private final MessageType schema;
  private final CodecFactory codecs;
  private final CompressionCodecName codec;
  private final ParquetFileWriter writer;
  private final long pageRecords;
  private final long groupRecords;

  /**
   * Form of a file.
   *
   * @param name name of a record
   * @param columns its columns
   * @param compression of all pages
   */
  public record Layout(String name, List<PagedColumn> columns, Compression compression) {
    /** Copies the list. */
    public Layout {
      columns = List.copyOf(columns);
    }

    private MessageType schema() {
      return new MessageType(name, columns.stream().map(PagedColumn::type).toArray(Type[]::new));
    }
  }

  /** Opens a file. */
  public PagedFile(Configuration hadoop, StagedFile file, Layout layout) throws IOException {
    this.file = file;
    this.columns = layout.columns();
    this.schema = layout.schema();
    long record = columns.stream().mapToLong(PagedColumn::bytes).sum();
    this.pageRecords = Math.max(1, PAGE_BYTES / record);
    this.groupRecords = pageRecords * Math.max(1, ROW_GROUP_BYTES / (record * pageRecords));
    this.codec =
        switch (layout.compression()) {
          case NONE -> CompressionCodecName.UNCOMPRESSED;
          case ZSTD -> CompressionCodecName.ZSTD;
        };
    this.codecs = new CodecFactory(fixed(hadoop), (int) PAGE_BYTES);
    try {
      this.writer = writer(file, schema);
      writer.start();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      file.abandon();
      throw e;
    }
  }

  private static ParquetFileWriter writer(StagedFile file, MessageType schema) throws IOException {
    return new ParquetFileWriter(
        new PageOutput(file),
        schema,
        ParquetFileWriter.Mode.OVERWRITE,
        ROW_GROUP_BYTES,
        0,
        ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
        ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
        true);
  }

  /** What a cluster has set for other files must not change the bytes of ours. */
  private static Configuration fixed(Configuration hadoop) {
    Configuration fixed = new Configuration(hadoop);
    fixed.setInt("parquet.compression.codec.zstd.level", ZSTD_LEVEL);
    fixed.setInt("parquet.compression.codec.zstd.workers", 0);
    return fixed;
  }

  /** Records of a row group. */
  public long groupRecords() {
    return groupRecords;
  }

  /** Appends the records {@code first} to {@code first + count - 1} in row groups of their own. */
  public void append(long first, long count) throws IOException {
    for (long from = first; from < first + count; from += groupRecords) {
      long records = Math.min(groupRecords, first + count - from);
      writer.startBlock(records);
      for (int i = 0; i < columns.size(); i++) {
        column(columns.get(i), schema.getColumns().get(i), from, records);
      }
      writer.endBlock();
    }
  }

  private void column(PagedColumn column, ColumnDescriptor descriptor, long first, long records)
      throws IOException {
    writer.startColumn(descriptor, records * column.values(), codec);
    BytesInputCompressor compressor = codecs.getCompressor(codec);
    for (long from = first; from < first + records; from += pageRecords) {
      int count = Math.toIntExact(Math.min(pageRecords, first + records - from));
      Statistics<?> statistics = column.statistics();
      BytesInput data = column.data(from, count, statistics);
      page(column, from, count, compressor.compress(data), data.size(), statistics);
    }
    writer.endColumn();
  }

  /**
   * Newer versions of Parquet deprecate this method for one that can leave single pages
   * uncompressed; the Parquet of Spark 4.0 has this one alone.
   */
  @SuppressWarnings("deprecation")
  private void page(
      PagedColumn column,
      long first,
      int count,
      BytesInput data,
      long uncompressed,
      Statistics<?> statistics)
      throws IOException {
    writer.writeDataPageV2(
        count,
        column.missing(first, count),
        Math.multiplyExact(count, column.values()),
        column.repetitionLevels(count),
        column.definitionLevels(first, count),
        Encoding.PLAIN,
        data,
        Math.toIntExact(uncompressed),
        statistics);
  }

  /** Completes the file and gives it its name; returns its bytes. */
  public long commit(Map<String, String> footer) throws IOException {
    writer.end(footer);
    return file.commit();
  }

  /** Removes what is left of a file that was not committed. */
  @Override
  public void close() throws IOException {
    file.abandon();
    try {
      writer.close();
    } finally {
      codecs.release();
    }
  }
}
