package dev.tangents.kernel;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostTensor;

/** The kernel of one tile, in an engine's memory; owned by the {@link GramKernel} that made it. */
public interface TileResult {
  /**
   * The values of a component, [B, n, m]. Block b is output b for {@code per-output}, and row
   * output times O plus column output for {@code full}.
   *
   * @param component position in {@link KernelPlan#components}
   */
  DeviceTensor block(int component);

  /** The values of a component on the heap. */
  default HostTensor read(int component) {
    return block(component).read();
  }
}
