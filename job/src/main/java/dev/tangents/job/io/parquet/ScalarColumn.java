package dev.tangents.job.io.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongToIntFunction;
import java.util.function.LongUnaryOperator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.Type;

/** A column of one value a record, with statistics, so that filters skip pages. */
public final class ScalarColumn implements PagedColumn {
  private final Type type;
  private final int bytes;
  private final Values values;

  private ScalarColumn(Type type, int bytes, Values values) {
    this.type = type;
    this.bytes = bytes;
    this.values = values;
  }

  /** The values by the number of their record. */
  @FunctionalInterface
  private interface Values {
    void put(long record, ByteBuffer page, Statistics<?> statistics);
  }

  /** A required {@code int}. */
  public static ScalarColumn integer(String name, LongToIntFunction values) {
    return new ScalarColumn(
        Fields.integer(name),
        Integer.BYTES,
        (record, page, statistics) -> {
          int value = values.applyAsInt(record);
          page.putInt(value);
          statistics.updateStats(value);
        });
  }

  /** A required {@code bigint}. */
  public static ScalarColumn bigint(String name, LongUnaryOperator values) {
    return bigint(Fields.bigint(name), values);
  }

  /**
   * A required string.
   *
   * @param choices all strings that there are
   * @param which position of a record's string among them
   */
  public static ScalarColumn text(String name, List<String> choices, LongToIntFunction which) {
    return text(Fields.string(name), choices, which);
  }

  private static ScalarColumn bigint(Type type, LongUnaryOperator values) {
    return new ScalarColumn(
        type,
        Long.BYTES,
        (record, page, statistics) -> {
          long value = values.applyAsLong(record);
          page.putLong(value);
          statistics.updateStats(value);
        });
  }

  private static ScalarColumn text(Type type, List<String> choices, LongToIntFunction which) {
    List<byte[]> coded =
        choices.stream().map(choice -> choice.getBytes(StandardCharsets.UTF_8)).toList();
    int longest = coded.stream().mapToInt(choice -> choice.length).max().orElse(0);
    return new ScalarColumn(
        type,
        Integer.BYTES + longest,
        (record, page, statistics) -> {
          byte[] value = coded.get(which.applyAsInt(record));
          page.putInt(value.length).put(value);
          statistics.updateStats(Binary.fromConstantByteArray(value));
        });
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
    return Levels.none();
  }

  @Override
  public Statistics<?> statistics() {
    return Statistics.createStats(type);
  }

  @Override
  public BytesInput data(long first, int count, Statistics<?> statistics) {
    ByteBuffer page =
        ByteBuffer.allocate(Math.multiplyExact(count, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    for (long record = first; record < first + count; record++) {
      values.put(record, page, statistics);
    }
    return BytesInput.from(page.array(), 0, page.position());
  }
}
