package dev.tangents.job.io.parquet;

import dev.tangents.job.io.file.Commits;
import dev.tangents.job.io.file.StagedFile;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Writes one Parquet file of records whose payload is a list of numbers: no dictionary, no
 * compression, statistics for every column but the payload. The bytes depend on the records alone.
 * The file is visible under its name only when it is whole.
 *
 * @param <T> type of a record
 */
public final class ParquetSink<T> implements AutoCloseable {
  /** The payload column, in the standard three-level form of a list. */
  private static final String PAYLOAD_SUFFIX = ".list.element";

  private static final long ROW_GROUP_BYTES = 8L << 20;
  private static final int PAGE_BYTES = 256 << 10;

  private final Path target;
  private final StagedFile file;
  private final ParquetWriter<T> writer;
  private boolean closed;

  /**
   * Opens a file.
   *
   * @param attempt what makes the temporary name differ from that of another attempt
   * @param layout its columns and how a record is written
   */
  public ParquetSink(Configuration hadoop, Path target, long attempt, Layout<T> layout)
      throws IOException {
    this.target = target;
    this.file = new StagedFile(Commits.fileSystem(target, hadoop), target, attempt);
    this.writer =
        Commits.writing(
            target,
            () ->
                new Builder<>(new PageOutput(file), layout)
                    .withConf(hadoop)
                    .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                    .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                    .withDictionaryEncoding(false)
                    .withWriterVersion(version(layout.schema()))
                    .withStatisticsEnabled(layout.payload() + PAYLOAD_SUFFIX, false)
                    .withSizeStatisticsEnabled(false)
                    .withPageWriteChecksumEnabled(true)
                    .withRowGroupSize(ROW_GROUP_BYTES)
                    .withPageSize(PAGE_BYTES)
                    // A record may be as large as a page, so sizes are looked at after each.
                    .withMinRowCountForPageSizeCheck(1)
                    .withMaxRowCountForPageSizeCheck(16)
                    .build());
  }

  /**
   * A version 2 column has one encoding. One of version 1 has several, and the footer lists them in
   * the order of a hash set of enums, which is another in every JVM. But version 2 writes strings
   * in DELTA_BYTE_ARRAY, and Spark 4.1 read wrong strings from such files of ours: those with
   * strings are of version 1.
   */
  private static ParquetProperties.WriterVersion version(MessageType schema) {
    boolean strings =
        schema.getColumns().stream()
            .anyMatch(
                column ->
                    column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY);
    return strings
        ? ParquetProperties.WriterVersion.PARQUET_1_0
        : ParquetProperties.WriterVersion.PARQUET_2_0;
  }

  /**
   * Form of a file.
   *
   * @param schema its columns
   * @param payload name of the list column
   * @param footer key-values for the footer
   * @param record writes the fields of a record
   */
  public record Layout<T>(
      MessageType schema,
      String payload,
      Map<String, String> footer,
      BiConsumer<RecordConsumer, T> record) {}

  /** Appends a record. */
  public void write(T record) {
    Commits.writing(
        target,
        () -> {
          writer.write(record);
          return null;
        });
  }

  /** Completes the file and gives it its name; returns its bytes. */
  public long commit() {
    return Commits.writing(
        target,
        () -> {
          writer.close();
          closed = true;
          return file.commit();
        });
  }

  /** Removes what is left of a file that was not committed. */
  @Override
  public void close() throws IOException {
    file.abandon();
    if (!closed) {
      closed = true;
      writer.close();
    }
  }

  private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final Layout<T> layout;

    Builder(OutputFile file, Layout<T> layout) {
      super(file);
      this.layout = layout;
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    /**
     * Overrides a deprecated method, which is still the abstract one: its successor takes Parquet's
     * own configuration.
     */
    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<T> getWriteSupport(Configuration hadoop) {
      return new Support<>(layout);
    }
  }

  private static final class Support<T> extends WriteSupport<T> {
    private final Layout<T> layout;
    private RecordConsumer consumer;

    Support(Layout<T> layout) {
      this.layout = layout;
    }

    /** Deprecated as {@code getWriteSupport} is. */
    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration hadoop) {
      return new WriteContext(layout.schema(), layout.footer());
    }

    @Override
    public void prepareForWrite(RecordConsumer target) {
      this.consumer = target;
    }

    @Override
    public void write(T record) {
      consumer.startMessage();
      layout.record().accept(consumer, record);
      consumer.endMessage();
    }
  }
}
