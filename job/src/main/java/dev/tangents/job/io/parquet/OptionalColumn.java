package dev.tangents.job.io.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.Type;

/** A column of ids or labels, some of which may be missing, with statistics. */
public final class OptionalColumn implements PagedColumn {
  /** Bytes of a string, as pages are laid out; it may have more. */
  private static final int TEXT_BYTES = 16;

  private final Type type;
  private final int bytes;
  private final LongFunction<Scalar> values;

  /**
   * A column.
   *
   * @param kind type of all values that are there
   * @param values by the number of their record, {@link Scalar#NONE} where one is missing
   */
  public OptionalColumn(String name, Scalar.Type kind, LongFunction<Scalar> values) {
    this.type = Fields.scalar(name, kind);
    this.bytes =
        switch (kind) {
          case INTEGER, REAL -> Long.BYTES;
          case TEXT, NONE -> Integer.BYTES + TEXT_BYTES;
        };
    this.values = values;
  }

  @Override
  public Type type() {
    return type;
  }

  @Override
  public int bytes() {
    return bytes;
  }

  @Override
  public BytesInput definitionLevels(long first, int records) {
    return Levels.presence(records, i -> values.apply(first + i).isPresent());
  }

  @Override
  public int missing(long first, int records) {
    int missing = 0;
    for (long record = first; record < first + records; record++) {
      missing += values.apply(record).isPresent() ? 0 : 1;
    }
    return missing;
  }

  @Override
  public Statistics<?> statistics() {
    return Statistics.createStats(type);
  }

  @Override
  public BytesInput data(long first, int count, Statistics<?> statistics) {
    ByteBuffer page = ByteBuffer.allocate(Math.multiplyExact(count, bytes));
    page.order(ByteOrder.LITTLE_ENDIAN);
    for (long record = first; record < first + count; record++) {
      Scalar value = values.apply(record);
      switch (value.type()) {
        case NONE -> statistics.incrementNumNulls();
        case INTEGER -> {
          page.putLong(value.integer());
          statistics.updateStats(value.integer());
        }
        case REAL -> {
          page.putDouble(value.real());
          statistics.updateStats(value.real());
        }
        case TEXT -> {
          byte[] text = value.text().getBytes(StandardCharsets.UTF_8);
          page = withRoom(page, Integer.BYTES + text.length);
          page.putInt(text.length).put(text);
          statistics.updateStats(Binary.fromConstantByteArray(text));
        }
      }
    }
    return BytesInput.from(page.array(), 0, page.position());
  }

  private static ByteBuffer withRoom(ByteBuffer page, int bytes) {
    if (page.remaining() >= bytes) {
      return page;
    }
    int capacity = Math.addExact(Math.multiplyExact(2, page.capacity()), bytes);
    ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    return larger.put(page.flip());
  }
}
