package dev.tangents.kernel;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;

/** The kernel of one tile, in an engine's memory; owned by the {@link GramKernel} that made it. */
public interface TileResult extends TileShare {
  /**
   * The values of a component, [B, n, m], as {@link TileShare#read} orders them.
   *
   * @param component position in {@link KernelPlan#components}
   */
  DeviceTensor block(int component);

  @Override
  default HostTensor read(int component, HostArrays arrays) {
    return block(component).read(arrays);
  }
}
