package dev.tangents.job.io.parquet;

import dev.tangents.exec.Precision;
import dev.tangents.job.io.file.Checksum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.Type;

/**
 * The payload: a list of as many numbers in every record, without statistics. Its pages are copies
 * of memory.
 */
public final class NumbersColumn implements PagedColumn {
  /** The name of the column of a kernel's numbers. */
  public static final String NAME = "values";

  private final String name;
  private final Precision precision;
  private final int length;
  private final Source source;
  private final Checksum checksum = new Checksum();
  private ByteBuffer page = ByteBuffer.allocate(0);

  /**
   * The column of a kernel's numbers.
   *
   * @param length numbers of a record
   */
  public NumbersColumn(Precision precision, int length, Source source) {
    this(NAME, precision, length, source);
  }

  /**
   * A column.
   *
   * @param length numbers of a record
   */
  public NumbersColumn(String name, Precision precision, int length, Source source) {
    this.name = name;
    this.precision = precision;
    this.length = length;
    this.source = source;
  }

  /** Where the numbers come from. */
  @FunctionalInterface
  public interface Source {
    /** Puts the numbers of so many records from {@code first} on into a little-endian page. */
    void put(long first, int count, ByteBuffer page);
  }

  /** Checksum of all pages until now, if each was asked for once and in order. */
  public String checksum() {
    return checksum.toString();
  }

  @Override
  public Type type() {
    return Fields.numbers(name, precision);
  }

  @Override
  public int bytes() {
    return Math.multiplyExact(length, precision.bytes());
  }

  @Override
  public int values() {
    return length;
  }

  @Override
  public BytesInput repetitionLevels(int records) {
    return Levels.lists(records, length);
  }

  @Override
  public BytesInput definitionLevels(long first, int records) {
    return Levels.ones((long) records * length);
  }

  @Override
  public Statistics<?> statistics() {
    return Statistics.noopStats(type().asGroupType().getType(0).asGroupType().getType(0));
  }

  @Override
  public BytesInput data(long first, int count, Statistics<?> statistics) {
    int bytes = Math.multiplyExact(count, bytes());
    if (page.capacity() < bytes) {
      page = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    page.clear();
    source.put(first, count, page);
    checksum.add(page.flip());
    return BytesInput.from(page.array(), 0, bytes);
  }
}
