package dev.tangents.exec.cuda;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;

/** The CUDA engine on a device that is emulated on the host. */
public final class EmulatedEngines {
  private EmulatedEngines() {}

  /** An engine whose kernels are interpreted. */
  public static CudaEngine open(Precision precision) {
    return new CudaEngine(new HostGpu(precision));
  }

  /** The same, as what it is to tests that compare engines. */
  public static Engine of(Precision precision) {
    return open(precision);
  }
}
