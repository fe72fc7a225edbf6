package dev.tangents.exec.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a machine says of its GPUs, with and without one. */
class CudaDevicesTest {
  @Test
  void devicesOrTheReasonWhyThereAreNone() {
    CudaDevices devices = CudaDevices.visible();
    assertEquals(devices.list().isEmpty(), !devices.reason().isEmpty(), devices::toString);
    for (CudaDevice device : devices.list()) {
      assertTrue(device.totalBytes() > 0 && device.uuid().startsWith("GPU-"), device::toString);
    }
    if (devices.list().isEmpty()) {
      assertTrue(devices.reason().startsWith("NVIDIA driver"), devices.reason());
    }
  }

  @Test
  void aDeviceOlderThanVoltaIsNotServed() {
    CudaDevice pascal = new CudaDevice(0, "Tesla P100", "GPU-0", 6, 1, 1L << 34, "0000:00:00.0");
    CudaDevice volta = new CudaDevice(0, "Tesla V100", "GPU-0", 7, 0, 1L << 34, "0000:00:00.0");
    assertEquals(61, pascal.capability());
    assertTrue(!pascal.supported() && volta.supported());
  }
}
