package dev.tangents.exec;

import java.util.List;

/**
 * A graph prepared for one set of shapes. Owns every buffer it computes in; running it allocates no
 * memory of the engine. Not thread-safe: one executable serves one thread at a time.
 */
public interface Executable extends AutoCloseable {
  /**
   * Computes the graph's results.
   *
   * @param inputs one for each input of the graph, in its order and of its shape
   * @param outputs one for each result, in order and of its shape; overwritten. No two may share
   *     memory with each other or with an input
   */
  void run(List<DeviceTensor> inputs, List<DeviceTensor> outputs);

  /** Bytes of engine memory held: values in flight, weights, and constants. */
  long bytes();

  /** Frees all memory. Closing twice does nothing. */
  @Override
  void close();
}
