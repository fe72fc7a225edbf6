package dev.tangents.exec.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
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
    CudaDevice pascal =
        new CudaDevice(0, "Tesla P100", "GPU-0", 6, 1, 1L << 34, "0000:00:00.0", 40, 1_590_000);
    CudaDevice volta =
        new CudaDevice(0, "Tesla V100", "GPU-0", 7, 0, 1L << 34, "0000:00:00.0", 40, 1_590_000);
    assertEquals(61, pascal.capability());
    assertTrue(!pascal.supported() && volta.supported());
    assertEquals(
        "GPU 0: Tesla V100 (GPU-0, compute capability 7.0, 16.0 GiB, 0000:00:00.0)",
        volta.toString());
  }

  @Test
  void aDeviceWithoutItsTensorCoresRefusesAnArithmetic() {
    CudaDevice turing =
        new CudaDevice(0, "Tesla T4", "GPU-0", 7, 5, 1L << 34, "0000:00:00.0", 40, 1_590_000);
    CudaDevice ampere =
        new CudaDevice(0, "A100", "GPU-0", 8, 0, 1L << 36, "0000:00:00.0", 108, 1_410_000);
    turing.require(Arithmetic.STRICT);
    for (Arithmetic arithmetic : Arithmetic.values()) {
      ampere.require(arithmetic);
    }
    TangentsException e =
        assertThrows(TangentsException.class, () -> turing.require(Arithmetic.TF32X3));
    assertEquals(Category.SETUP, e.category());
    assertTrue(
        e.getMessage()
            .startsWith(
                "precision: 3xtf32 needs tensor cores of compute capability 8.0 (Ampere) or later; the device is"
                    + " GPU 0: Tesla T4"),
        e.getMessage());
  }

  @Test
  void anEngineOnTheProcessorRefusesAnArithmetic() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(builder.input("x", TensorType.real(2)));
    try (Engine engine = new ReferenceEngine()) {
      engine.prepare(graph, Weights.none(), Arithmetic.STRICT).close();
      TangentsException e =
          assertThrows(
              TangentsException.class,
              () -> engine.prepare(graph, Weights.none(), Arithmetic.TF32));
      assertEquals(Category.SETUP, e.category());
      assertTrue(e.getMessage().contains("tf32 needs the engine cuda"), e.getMessage());
    }
  }
}
