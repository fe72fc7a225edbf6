package dev.tangents.kernel;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;

/**
 * What one pass of a plan forms of a tile, on its way to the heap. Valid until the {@link
 * GramKernel} that made it forms the next.
 */
@FunctionalInterface
public interface TileShare {
  /**
   * The values of a component, [B, n, m], in an array of {@code arrays}. Block b is output b for
   * {@code per-output}, and row output times O plus column output for {@code full}.
   *
   * @param component position in {@link KernelPlan#components}
   */
  HostTensor read(int component, HostArrays arrays);

  /** The values of a component, [B, n, m], in a new array. */
  default HostTensor read(int component) {
    return read(component, new HostArrays(0));
  }
}
