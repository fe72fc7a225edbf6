package dev.tangents.exec;

import java.util.List;
import java.util.Map;

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

  /** Counts the time of every step from now on, if the engine can. */
  default void measure() {}

  /** Nanoseconds of the steps of each layer since {@link #measure}, by the origin of its nodes. */
  default Map<String, Long> nanos() {
    return Map.of();
  }

  /** Bytes of engine memory held: values in flight, weights, and constants. */
  long bytes();

  /** Frees all memory. Closing twice does nothing. */
  @Override
  void close();
}
