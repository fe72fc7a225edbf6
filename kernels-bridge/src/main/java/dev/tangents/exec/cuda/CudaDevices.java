package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.cuda.driver.CudaDriver;
import java.util.ArrayList;
import java.util.List;

/**
 * The GPUs that this process sees, or why it sees none.
 *
 * @param list in the driver's order; CUDA_VISIBLE_DEVICES chooses and orders them
 * @param driverVersion the newest CUDA that the driver serves, such as 12.8; empty without a driver
 * @param reason why there is none, in a sentence for the user; empty if there is one
 */
public record CudaDevices(List<CudaDevice> list, String driverVersion, String reason) {
  /** CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR. */
  private static final int MAJOR = 75;

  /** CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR. */
  private static final int MINOR = 76;

  /** CU_DEVICE_ATTRIBUTE_CLOCK_RATE, the highest, in kHz. */
  private static final int CLOCK = 13;

  /** CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT. */
  private static final int PROCESSORS = 16;

  /** Copies the list. */
  public CudaDevices {
    list = List.copyOf(list);
  }

  /**
   * Asks the driver. Never fails: a machine without a driver, or without a device, is an answer.
   * Holds nothing of the device: no context is made and no memory is taken.
   */
  public static CudaDevices visible() {
    try {
      return of(CudaDriver.open());
    } catch (TangentsException e) {
      return new CudaDevices(List.of(), "", e.getMessage());
    }
  }

  static CudaDevices of(CudaDriver driver) {
    List<CudaDevice> devices = new ArrayList<>();
    for (int ordinal = 0; ordinal < driver.deviceCount(); ordinal++) {
      int device = driver.device(ordinal);
      devices.add(
          new CudaDevice(
              ordinal,
              driver.name(device),
              driver.uuid(device),
              driver.attribute(device, MAJOR),
              driver.attribute(device, MINOR),
              driver.totalBytes(device),
              driver.busId(device),
              driver.attribute(device, PROCESSORS),
              driver.attribute(device, CLOCK)));
    }
    String reason = devices.isEmpty() ? "NVIDIA driver: it finds no device." : "";
    return new CudaDevices(devices, CudaDriver.printed(driver.version()), reason);
  }
}
