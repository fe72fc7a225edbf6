package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.cuda.CudaDevice;
import dev.tangents.exec.cuda.CudaDevices;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the devices that CUDA shows is the one that Spark means. */
class GpuRequestTest {
  /** CUDA counts the fastest first, which is the second on the bus. */
  private static final List<CudaDevice> THREE =
      List.of(
          device(0, "GPU-fast", "0000:5E:00.0"),
          device(1, "GPU-slow", "0000:3B:00.0"),
          device(2, "GPU-last", "0000:AF:00.0"));

  private static CudaDevice device(int ordinal, String uuid, String bus) {
    return new CudaDevice(ordinal, "a fake", uuid, 8, 0, 1L << 34, bus, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, GPU-slow",
    "1, GPU-fast",
    "2, GPU-last",
    "GPU-last, GPU-last",
    "gpu-fa, GPU-fast",
    "00000000:3B:00.0, GPU-slow",
    "0000:af:00.0, GPU-last"
  })
  void addressIsANumberOnTheBusAUuidOrAPlace(String address, String uuid) {
    assertEquals(uuid, chosen(THREE, null, true, address).uuid());
  }

  /** CUDA then numbers what the variable lists, in its order. */
  @ParameterizedTest
  @CsvSource({"3, GPU-fast", "1, GPU-slow", "7, GPU-last"})
  void numberAmongVisibleDevicesIsItsPlaceInTheList(String address, String uuid) {
    assertEquals(uuid, chosen(THREE, "3, 1,7", true, address).uuid());
  }

  /** As number 0, whatever number it has outside. */
  @Test
  void containerWithOneDeviceMeansIt() {
    List<CudaDevice> one = THREE.subList(2, 3);
    assertEquals("GPU-last", chosen(one, null, true, "5").uuid());
    assertEquals("GPU-last", chosen(one, null, true).uuid());
  }

  @Test
  void processOfItsOwnTakesTheFirst() {
    assertEquals("GPU-fast", chosen(THREE, null, false).uuid());
    assertEquals("GPU-slow", chosen(THREE, null, false, "0").uuid());
  }

  @Test
  void executorWithoutAnAddressDoesNotGuessAmongSeveral() {
    TangentsException e = refused(() -> chosen(THREE, null, true));
    assertTrue(e.getMessage().contains("sees 3 (0: a fake GPU-fast; "), e.getMessage());
    assertTrue(e.getMessage().contains("spark.executor.resource.gpu.amount=1"), e.getMessage());
  }

  @Test
  void executorOfTwoDevicesIsRefused() {
    TangentsException e = refused(() -> chosen(THREE, null, true, "0", "1"));
    assertTrue(e.getMessage().startsWith("GPU: Spark gave this executor 0, 1; expected one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "GPU-none", "0000:00:00.0"})
  void addressThatIsNotThereIsNamed(String address) {
    TangentsException e = refused(() -> chosen(THREE, null, true, address));
    assertTrue(e.getMessage().startsWith("GPU: " + address + " was given to this process"));
    assertTrue(e.getMessage().contains("CUDA_VISIBLE_DEVICES=unset"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-1"})
  void variableThatHidesAllIsNamedWithItsCure(String visible) {
    CudaDevices none = new CudaDevices(List.of(), "12.8", "NVIDIA driver: it finds no device.");
    TangentsException e =
        refused(() -> new GpuRequest(List.of(), Optional.of(visible), false).choose(none));
    assertEquals(
        "GPU: the engine needs one, and this process sees none: NVIDIA driver: it finds no device."
            + (" CUDA_VISIBLE_DEVICES is set to '" + visible + "', which hides all GPUs: unset it,")
            + " or let it name one. Or compute on the CPU: --engine nd4j",
        e.getMessage());
  }

  /** It would be told of a flag that it does not have. */
  @Test
  void commandWithoutAnotherEngineIsToldWhatItCanDoInstead() {
    CudaDevices none = new CudaDevices(List.of(), "", "NVIDIA driver not found");
    GpuRequest request = new GpuRequest(List.of(), Optional.empty(), false);
    TangentsException e = refused(() -> request.orInstead("Take another machine").choose(none));
    assertTrue(e.getMessage().endsWith("sees the devices. Take another machine"), e.getMessage());
  }

  @Test
  void machineWithoutADriverIsToldWhatToLookAt() {
    CudaDevices none = new CudaDevices(List.of(), "", "NVIDIA driver not found: no libcuda.so.1");
    TangentsException e =
        refused(() -> new GpuRequest(List.of("0"), Optional.empty(), true).choose(none));
    assertTrue(
        e.getMessage().startsWith("GPU: 0 was given to this process, which sees none: NVIDIA"));
    assertTrue(e.getMessage().contains("no libcuda.so.1. Check nvidia-smi"), e.getMessage());
  }

  private static CudaDevice chosen(
      List<CudaDevice> devices, String visible, boolean shared, String... addresses) {
    return new GpuRequest(List.of(addresses), Optional.ofNullable(visible), shared)
        .choose(new CudaDevices(devices, "12.8", ""));
  }

  private static TangentsException refused(org.junit.jupiter.api.function.Executable choice) {
    TangentsException e = assertThrows(TangentsException.class, choice);
    assertEquals(Category.SETUP, e.category());
    return e;
  }
}
