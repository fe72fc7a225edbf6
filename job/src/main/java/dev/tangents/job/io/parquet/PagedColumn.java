package dev.tangents.job.io.parquet;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.Type;

/**
 * A column of a {@link PagedFile}: it encodes any run of its records as one page. A record holds
 * the same number of values in every record.
 */
public interface PagedColumn {
  /** Name and type. */
  Type type();

  /** Bytes of one record; of strings only about as many. */
  int bytes();

  /** Values of one record: one, unless it is a list. */
  default int values() {
    return 1;
  }

  /** Repetition levels of so many records: none, unless they are lists. */
  default BytesInput repetitionLevels(int records) {
    return Levels.none();
  }

  /** Definition levels of so many records from {@code first} on. */
  BytesInput definitionLevels(long first, int records);

  /** Values among those that are missing. */
  default int missing(long first, int records) {
    return 0;
  }

  /** Statistics of a page, before its first record. */
  Statistics<?> statistics();

  /**
   * The records {@code first} to {@code first + count - 1} in PLAIN encoding, valid until the next
   * call.
   *
   * @param statistics learn of every value
   */
  BytesInput data(long first, int count, Statistics<?> statistics);
}
