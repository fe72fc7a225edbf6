package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A run of numbers in native memory, float or double, seen in three ways: as a pointer for BLAS, as
 * a flat array for ND4J, as an NIO buffer for loops in Java. Shapes are the callers' affair. All
 * views are made once, so that using one allocates nothing. Not thread-safe.
 */
final class NativeBuffer implements AutoCloseable {
  /** Below this many numbers a loop is quicker than a bulk copy. */
  private static final int SHORT = 16;

  private final DataBuffer data;
  private final Pointer pointer;
  private final FloatBuffer floats;
  private final DoubleBuffer doubles;
  private final int start;
  private final int length;
  private final NativeBuffer owner;
  private Runnable onClose;
  private INDArray flat;

  private NativeBuffer(
      DataBuffer data, Pointer pointer, int start, int length, NativeBuffer owner) {
    this.data = data;
    this.pointer = pointer;
    this.start = start;
    this.length = length;
    this.owner = owner == null ? this : owner;
    // A pointer's position is where its NIO buffer starts.
    pointer.position(start).limit((long) start + length);
    this.floats = pointer instanceof FloatPointer f ? f.asBuffer() : null;
    this.doubles = pointer instanceof DoublePointer d ? d.asBuffer() : null;
  }

  /** The buffer that frees {@code data}; {@code onClose} is told. */
  static NativeBuffer owning(DataBuffer data, int length, Runnable onClose) {
    NativeBuffer buffer = new NativeBuffer(data, copy(data.addressPointer()), 0, length, null);
    buffer.onClose = onClose;
    return buffer;
  }

  /**
   * Numbers {@code from} to {@code from + count}, sharing memory; closing the view does nothing.
   */
  NativeBuffer view(int from, int count) {
    if (from < 0 || count < 0 || from > length - count) {
      throw TangentsException.internal(
          "NativeBuffer: no numbers %d to %d in a buffer of %d", from, (long) from + count, length);
    }
    return new NativeBuffer(data, copy(owner.pointer), start + from, count, owner);
  }

  /** Number of numbers. */
  int length() {
    return length;
  }

  /** Bytes of the numbers. */
  long bytes() {
    return (long) Math.max(1, length) * precision().bytes();
  }

  /** Width of the numbers. */
  Precision precision() {
    return isFloat() ? Precision.FLOAT : Precision.DOUBLE;
  }

  /** Whether they are floats, not doubles. */
  boolean isFloat() {
    return floats != null;
  }

  /**
   * The whole as a flat array, made when first asked for. For a view that starts inside of its
   * owner, ND4J keeps a small native description until the view is collected.
   */
  INDArray flat() {
    if (flat == null) {
      flat = Nd4j.create(data, new long[] {length}, new long[] {1}, start, 'c');
    }
    return flat;
  }

  /** The pointer, moved to number {@code index}; the next call moves the same pointer again. */
  FloatPointer floatsAt(int index) {
    pointer.position((long) start + index);
    return (FloatPointer) pointer;
  }

  /** The pointer, moved to number {@code index}; the next call moves the same pointer again. */
  DoublePointer doublesAt(int index) {
    pointer.position((long) start + index);
    return (DoublePointer) pointer;
  }

  /** Number {@code index}. */
  double at(int index) {
    return floats == null ? doubles.get(index) : floats.get(index);
  }

  /** Sets number {@code index}. */
  void put(int index, double value) {
    if (floats == null) {
      doubles.put(index, value);
    } else {
      floats.put(index, (float) value);
    }
  }

  /** Copies {@code count} numbers out. */
  void get(int from, float[] target, int count) {
    floats.get(from, target, 0, count);
  }

  /** Copies {@code count} numbers out, to position {@code to} and on. */
  void get(int from, float[] target, int to, int count) {
    floats.get(from, target, to, count);
  }

  /** Copies {@code count} numbers out. */
  void get(int from, double[] target, int count) {
    doubles.get(from, target, 0, count);
  }

  /** Copies {@code count} numbers out, to position {@code to} and on. */
  void get(int from, double[] target, int to, int count) {
    doubles.get(from, target, to, count);
  }

  /** Copies {@code count} numbers in. */
  void set(int to, float[] source, int count) {
    floats.put(to, source, 0, count);
  }

  /** Copies {@code count} numbers in. */
  void set(int to, double[] source, int count) {
    doubles.put(to, source, 0, count);
  }

  /** Copies {@code count} numbers from another buffer of the same width. */
  void copy(int to, NativeBuffer source, int from, int count) {
    if (count < SHORT) {
      for (int i = 0; i < count; i++) {
        put(to + i, source.at(from + i));
      }
    } else if (floats == null) {
      doubles.put(to, source.doubles, from, count);
    } else {
      floats.put(to, source.floats, from, count);
    }
  }

  /** Sets {@code count} numbers to {@code value}. */
  void fill(int to, int count, double value) {
    int done = Math.min(count, SHORT);
    for (int i = to; i < to + done; i++) {
      put(i, value);
    }
    // The rest is copied from what is there already, which stays in the cache.
    while (done < count) {
      int more = Math.min(Math.min(done, Scratch.CHUNK), count - done);
      copy(to + done, this, to, more);
      done += more;
    }
  }

  /** Frees the memory if this is its owner; closing twice does nothing. */
  @Override
  public void close() {
    if (onClose != null) {
      data.close();
      onClose.run();
      onClose = null;
    }
  }

  /** Whether the memory has been freed. */
  boolean isClosed() {
    return owner.onClose == null;
  }

  private static Pointer copy(Pointer pointer) {
    Pointer copy =
        pointer instanceof FloatPointer ? new FloatPointer(pointer) : new DoublePointer(pointer);
    return copy.position(0);
  }
}
