package dev.tangents.udfs.executor;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.cuda.CudaDevice;
import dev.tangents.exec.cuda.CudaDevices;
import java.util.List;

/**
 * The GPUs that a process sees, for people.
 *
 * @param driver the newest CUDA that NVIDIA's driver serves; empty without a driver
 * @param devices all of them
 * @param chosen the one that an engine would compute on; empty if none
 * @param failure why none; empty if there is one
 */
public record SeenGpus(String driver, List<String> devices, String chosen, String failure) {
  /** Copies the list. */
  public SeenGpus {
    devices = List.copyOf(devices);
  }

  /** What this process sees, and which of it is meant. */
  public static SeenGpus of(GpuRequest gpu) {
    CudaDevices seen = CudaDevices.visible();
    List<String> devices = seen.list().stream().map(CudaDevice::toString).toList();
    try {
      String chosen = gpu.choose(seen).toString();
      return new SeenGpus(seen.driverVersion(), devices, chosen, "");
    } catch (TangentsException e) {
      return new SeenGpus(seen.driverVersion(), devices, "", e.getMessage());
    }
  }
}
