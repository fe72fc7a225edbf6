package dev.tangents.exec;

import dev.tangents.ir.Shape;

/**
 * Numbers in an engine's memory, row-major and contiguous. Made by {@link Engine#allocate}; whoever
 * allocates closes. Not thread-safe.
 */
public interface DeviceTensor extends AutoCloseable {
  /** Extents. */
  Shape shape();

  /** Copies {@code values} in, converting the width. Sizes must be equal. */
  void write(HostTensor values);

  /**
   * Copies another tensor's numbers in, of this engine, or of one that it {@link Engine#shares}
   * memory with. Sizes must be equal.
   */
  default void copy(DeviceTensor other) {
    write(other.read());
  }

  /** Copies the numbers out, in the engine's width, into a new array. */
  default HostTensor read() {
    return read(new HostArrays(0));
  }

  /**
   * Copies the numbers out, in the engine's width, into an array of {@code arrays}, which the
   * caller may give back there.
   */
  HostTensor read(HostArrays arrays);

  /**
   * Rows {@code from} (inclusive) to {@code to} (exclusive) of the first axis, sharing memory.
   * Closing a view does nothing; it must not be used after its owner is closed.
   */
  DeviceTensor rows(long from, long to);

  /**
   * The same numbers in another shape of the same size, sharing memory; a view, as {@link #rows}
   * is.
   */
  DeviceTensor reshape(Shape shape);

  /** Frees the memory. Closing twice does nothing. */
  @Override
  void close();
}
