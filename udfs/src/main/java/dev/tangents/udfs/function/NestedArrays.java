package dev.tangents.udfs.function;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.Platform;

/**
 * Arrays in arrays as Spark keeps them in a row: one piece of memory, which is copied as a whole.
 * An array is its length, a bit for each element that is null, and the elements; an element that is
 * an array itself is its offset and size there, and the bytes behind. All but the numbers is the
 * same for every row.
 */
final class NestedArrays {
  private static final int WORD = 8;

  private final List<Integer> dims;
  private final Precision precision;
  private final HostTensor numbers;
  private final byte[] bytes;
  private int next;

  private NestedArrays(HostTensor numbers, int from, List<Integer> dims) {
    this.dims = dims;
    this.precision = numbers.precision();
    this.numbers = numbers;
    this.bytes = new byte[Math.toIntExact(size(0))];
    this.next = from;
  }

  /**
   * The numbers from {@code from} on, row-major.
   *
   * @param dims extents, one at least
   * @throws ArithmeticException if they do not fit in 2 GiB
   */
  static UnsafeArrayData of(HostTensor numbers, int from, List<Integer> dims) {
    NestedArrays nested = new NestedArrays(numbers, from, dims);
    nested.write(0, 0);
    UnsafeArrayData array = new UnsafeArrayData();
    array.pointTo(nested.bytes, Platform.BYTE_ARRAY_OFFSET, nested.bytes.length);
    return array;
  }

  /** Bytes of an array at a depth. */
  private long size(int depth) {
    int length = dims.get(depth);
    long header = UnsafeArrayData.calculateHeaderPortionInBytes((long) length);
    if (depth < dims.size() - 1) {
      return header + length * (WORD + size(depth + 1));
    }
    long raw = (long) length * precision.bytes();
    return header + (raw + WORD - 1) / WORD * WORD;
  }

  /** Writes an array at a depth to byte {@code at}. */
  private void write(int depth, int at) {
    int length = dims.get(depth);
    Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + at, length);
    int header = UnsafeArrayData.calculateHeaderPortionInBytes(length);
    if (depth == dims.size() - 1) {
      copy(at + header, length);
      return;
    }
    long size = size(depth + 1);
    long offset = header + (long) length * WORD;
    for (int i = 0; i < length; i++) {
      Platform.putLong(
          bytes,
          Platform.BYTE_ARRAY_OFFSET + at + header + i * WORD,
          offset << Integer.SIZE | size);
      write(depth + 1, Math.toIntExact(at + offset));
      offset += size;
    }
  }

  private void copy(int at, int length) {
    boolean single = precision == Precision.FLOAT;
    long base = single ? Platform.FLOAT_ARRAY_OFFSET : Platform.DOUBLE_ARRAY_OFFSET;
    Platform.copyMemory(
        single ? numbers.floats() : numbers.doubles(),
        base + (long) next * precision.bytes(),
        bytes,
        Platform.BYTE_ARRAY_OFFSET + at,
        (long) length * precision.bytes());
    next += length;
  }
}
