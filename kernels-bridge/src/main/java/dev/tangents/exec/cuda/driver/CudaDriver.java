package dev.tangents.exec.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.tangents.error.TangentsException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** The driver, {@code libcuda}, initialised: the devices that this process may use. Thread-safe. */
public final class CudaDriver {
  /** CUDA 12.0: the oldest whose binaries NVRTC 12 makes. */
  private static final int OLDEST = 12_000;

  private static final int NAME_BYTES = 256;
  private static final int BUS_BYTES = 32;
  private static final int UUID_BYTES = 16;
  private static final int NO_DEVICE = 100;

  private final NativeCalls code;

  /** A driver that is initialised. */
  CudaDriver(NativeCalls code) {
    this.code = code;
  }

  /**
   * Loads and initialises the driver.
   *
   * @throws TangentsException of category SETUP if there is none, if it is older than CUDA 12, or
   *     if it finds no device
   */
  public static CudaDriver open() {
    return open(SearchPath.ofMachine());
  }

  static CudaDriver open(SearchPath path) {
    NativeCode code =
        NativeCode.open(
            path,
            "NVIDIA driver",
            List.of("libcuda.so.1"),
            "Install NVIDIA's driver, and in a container run it with the NVIDIA runtime (--gpus, or the device"
                + " plugin of Kubernetes), which puts libcuda.so.1 there");
    CudaDriver driver = new CudaDriver(code);
    int failed = code.call("cuInit", 0);
    if (failed == NO_DEVICE) {
      throw TangentsException.setup(
          "NVIDIA driver: it finds no device. Check nvidia-smi and CUDA_VISIBLE_DEVICES (now '%s')",
          System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "unset"));
    }
    driver.check(failed, "cuInit");
    if (driver.version() < OLDEST) {
      throw TangentsException.setup(
          "NVIDIA driver: it serves CUDA up to %s; expected at least 12.0. Update the driver to 525 or later",
          printed(driver.version()));
    }
    return driver;
  }

  /** The newest CUDA that the driver serves, 1000 major + 10 minor: 12040 is CUDA 12.4. */
  public int version() {
    IntByReference version = new IntByReference();
    call("cuDriverGetVersion", version);
    return version.getValue();
  }

  /** A version as people write it. */
  public static String printed(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** Number of devices that the process sees. */
  public int deviceCount() {
    IntByReference count = new IntByReference();
    call("cuDeviceGetCount", count);
    return count.getValue();
  }

  /** The driver's handle of a device. */
  public int device(int ordinal) {
    IntByReference device = new IntByReference();
    call("cuDeviceGet", device, ordinal);
    return device.getValue();
  }

  /** Name of a device, as NVIDIA sells it. */
  public String name(int device) {
    byte[] name = new byte[NAME_BYTES];
    call("cuDeviceGetName", name, NAME_BYTES, device);
    return string(name);
  }

  /** UUID of a device as nvidia-smi prints it, {@code GPU-...}. */
  public String uuid(int device) {
    byte[] uuid = new byte[UUID_BYTES];
    call(code.has("cuDeviceGetUuid_v2") ? "cuDeviceGetUuid_v2" : "cuDeviceGetUuid", uuid, device);
    return printedUuid(uuid);
  }

  static String printedUuid(byte[] uuid) {
    String hex = HexFormat.of().formatHex(uuid);
    return "GPU-%s-%s-%s-%s-%s"
        .formatted(
            hex.substring(0, 8),
            hex.substring(8, 12),
            hex.substring(12, 16),
            hex.substring(16, 20),
            hex.substring(20));
  }

  /** Place of a device on the PCI bus, {@code 0000:3B:00.0}. */
  public String busId(int device) {
    byte[] id = new byte[BUS_BYTES];
    call("cuDeviceGetPCIBusId", id, BUS_BYTES, device);
    return string(id);
  }

  /** Bytes of memory that a device has. */
  public long totalBytes(int device) {
    LongByReference bytes = new LongByReference();
    call("cuDeviceTotalMem_v2", bytes, device);
    return bytes.getValue();
  }

  /** A number that describes a device, by the driver's {@code CUdevice_attribute}. */
  public int attribute(int device, int attribute) {
    IntByReference value = new IntByReference();
    call("cuDeviceGetAttribute", value, attribute, device);
    return value.getValue();
  }

  /**
   * Calls a function of the driver.
   *
   * @throws TangentsException of category RESOURCE where memory ran out, of category SETUP for
   *     other failures
   * @throws DeviceLostException if the device is lost to this process
   */
  void call(String function, Object... arguments) {
    check(code.call(function, arguments), function);
  }

  /** Calls a function of the driver and returns its result, whatever it is. */
  int tryCall(String function, Object... arguments) {
    return code.call(function, arguments);
  }

  /** A handle that a function writes to its first argument. */
  long handle(String function, Object... rest) {
    Memory handle = new Memory(Long.BYTES);
    Object[] arguments = new Object[rest.length + 1];
    arguments[0] = handle;
    System.arraycopy(rest, 0, arguments, 1, rest.length);
    call(function, arguments);
    return handle.getLong(0);
  }

  void check(int failed, String function) {
    if (failed != 0) {
      throw CudaErrors.of(failed, function, text(failed));
    }
  }

  private String text(int failed) {
    PointerByReference name = new PointerByReference();
    PointerByReference words = new PointerByReference();
    if (code.call("cuGetErrorName", failed, name) != 0
        || code.call("cuGetErrorString", failed, words) != 0) {
      return "unknown to the driver";
    }
    return name.getValue().getString(0) + ", " + words.getValue().getString(0);
  }

  private static String string(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
