package dev.tangents.job.io.parquet;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;
import org.apache.parquet.bytes.BytesInput;

/**
 * Levels of at most 1 as Parquet's hybrid of runs and packed bits codes them, in runs alone: twice
 * the length as a varint, then the level.
 */
final class Levels {
  private static final int MORE = 0x80;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Levels() {}

  /** The levels of a column that needs none. */
  static BytesInput none() {
    return BytesInput.empty();
  }

  /** The levels of {@code count} values that are all there: ones. */
  static BytesInput ones(long count) {
    return new Levels().run(count, 1).encoded();
  }

  /** The levels of values some of which are missing: one where a value is there, else zero. */
  static BytesInput presence(int count, IntPredicate there) {
    Levels levels = new Levels();
    int from = 0;
    for (int i = 1; i <= count; i++) {
      if (i == count || there.test(i) != there.test(from)) {
        levels.run(i - from, there.test(from) ? 1 : 0);
        from = i;
      }
    }
    return levels.encoded();
  }

  /** Repetition levels of lists of equal length: 0 where a list begins, 1 where it goes on. */
  static BytesInput lists(int count, int length) {
    Levels levels = new Levels();
    if (length == 1) {
      return levels.run(count, 0).encoded();
    }
    for (int i = 0; i < count; i++) {
      levels.run(1, 0).run(length - 1L, 1);
    }
    return levels.encoded();
  }

  private Levels run(long length, int level) {
    long header = length << 1;
    while (header >= MORE) {
      bytes.write((int) (header % MORE) | MORE);
      header /= MORE;
    }
    bytes.write((int) header);
    bytes.write(level);
    return this;
  }

  private BytesInput encoded() {
    return BytesInput.from(bytes);
  }
}
