package dev.tangents.job.io.input;

import dev.tangents.job.io.parquet.Scalar;
import java.io.Serializable;
import java.util.Comparator;

/**
 * The order of samples: a property of the data, never of its partitioning. By id where there is one
 * (numbers by size, strings by their UTF-16 units), else by path relative to the input, then
 * position in the file.
 */
public final class SampleOrder {
  private SampleOrder() {}

  /** The place of a sample. */
  public static final class Key implements Comparable<Key>, Serializable {
    private static final long serialVersionUID = 1L;
    private static final Comparator<Key> ORDER =
        Comparator.comparing((Key key) -> key.text)
            .thenComparingLong(key -> key.number)
            .thenComparingLong(key -> key.count);

    /** The id if it is a string, else the path. */
    private final String text;

    /** The id if it is a number, else the position in the file, or where the block starts. */
    private final long number;

    /** Position in the block. */
    private final long count;

    private Key(String text, long number, long count) {
      this.text = text;
      this.number = number;
      this.count = count;
    }

    /** The place that the id gives. */
    public static Key ofId(Scalar id) {
      return new Key(id.text(), id.integer(), 0);
    }

    /** The place that the position in a file gives. */
    static Key ofPlace(String path, long block, long count) {
      return new Key(path, block, count);
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && compareTo(key) == 0;
    }

    @Override
    public int hashCode() {
      return text.hashCode() * 31 + Long.hashCode(number * 31 + count);
    }
  }
}
