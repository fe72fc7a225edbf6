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

  /** Copies the numbers out, in the engine's width. */
  HostTensor read();

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
