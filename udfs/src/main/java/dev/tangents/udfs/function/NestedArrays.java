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
 * same for every row, and written once.
 */
final class NestedArrays {
  private static final int WORD = 8;

  private final List<Integer> dims;
  private final Precision precision;

  /** The array of floats or of doubles, and the byte at which its first number lies. */
  private final Object source;

  private final long base;

  /** Numbers of an innermost array, and for each of these the byte at which its numbers lie. */
  private final int length;

  private final int[] places;
  private final byte[] bytes;
  private final UnsafeArrayData array = new UnsafeArrayData();

  /**
   * Arrays of the numbers of a tensor.
   *
   * @param dims extents, one at least
   * @throws ArithmeticException if they do not fit in 2 GiB
   */
  NestedArrays(HostTensor numbers, List<Integer> dims) {
    this.dims = dims;
    this.precision = numbers.precision();
    boolean single = precision == Precision.FLOAT;
    this.source = single ? numbers.floats() : numbers.doubles();
    this.base = single ? Platform.FLOAT_ARRAY_OFFSET : Platform.DOUBLE_ARRAY_OFFSET;
    this.length = dims.get(dims.size() - 1);
    this.places = new int[dims.stream().limit(dims.size() - 1L).reduce(1, Math::multiplyExact)];
    this.bytes = new byte[Math.toIntExact(size(0))];
    lay(0, 0, 0);
    array.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length);
  }

  /** The numbers from {@code from} on, row-major, where the last ones lay. */
  UnsafeArrayData at(int from) {
    long size = (long) length * precision.bytes();
    long next = base + (long) from * precision.bytes();
    for (int place : places) {
      Platform.copyMemory(source, next, bytes, Platform.BYTE_ARRAY_OFFSET + place, size);
      next += size;
    }
    return array;
  }

  /** Bytes of an array at a depth. */
  private long size(int depth) {
    int elements = dims.get(depth);
    long header = UnsafeArrayData.calculateHeaderPortionInBytes((long) elements);
    if (depth < dims.size() - 1) {
      return header + elements * (WORD + size(depth + 1));
    }
    long raw = (long) elements * precision.bytes();
    return header + (raw + WORD - 1) / WORD * WORD;
  }

  /**
   * Writes an array at a depth to byte {@code at}, all but its numbers.
   *
   * @param before how many innermost arrays lie before it
   * @return how many lie before what follows it
   */
  private int lay(int depth, int at, int before) {
    int elements = dims.get(depth);
    Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + at, elements);
    int header = UnsafeArrayData.calculateHeaderPortionInBytes(elements);
    if (depth == dims.size() - 1) {
      places[before] = at + header;
      return before + 1;
    }
    long size = size(depth + 1);
    long offset = header + (long) elements * WORD;
    int next = before;
    for (int i = 0; i < elements; i++) {
      Platform.putLong(
          bytes,
          Platform.BYTE_ARRAY_OFFSET + at + header + i * WORD,
          offset << Integer.SIZE | size);
      next = lay(depth + 1, Math.toIntExact(at + offset), next);
      offset += size;
    }
    return next;
  }
}
