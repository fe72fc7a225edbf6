package dev.tangents.udfs.executor;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.cuda.CudaDevice;
import dev.tangents.exec.cuda.CudaDevices;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which GPU a process computes on. Spark names it by an address, which is whatever a script on the
 * worker printed: mostly the number of {@code nvidia-smi}, which counts all GPUs of the machine by
 * their places on the bus, while CUDA counts those that the process sees.
 *
 * @param addresses that Spark, or the user, gave: numbers, UUIDs or places on the bus
 * @param visible CUDA_VISIBLE_DEVICES, where it is set
 * @param shared whether other processes of the run may compute on this machine
 * @param instead what a user does where no GPU will do; empty where another engine can be chosen
 */
public record GpuRequest(
    List<String> addresses, Optional<String> visible, boolean shared, Optional<String> instead) {
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  /** Copies the list. */
  public GpuRequest {
    addresses = List.copyOf(addresses);
  }

  /** Of a command that lets the user choose an engine. */
  public GpuRequest(List<String> addresses, Optional<String> visible, boolean shared) {
    this(addresses, visible, shared, Optional.empty());
  }

  /**
   * The same of a command that has no other engine.
   *
   * @param instead a sentence for the user, without its full stop
   */
  public GpuRequest orInstead(String instead) {
    return new GpuRequest(addresses, visible, shared, Optional.of(instead));
  }

  /**
   * Of a process of a run.
   *
   * @param executor its name among executors
   * @param addresses that Spark gave it, or the user to the one process of a run
   */
  public static GpuRequest of(String executor, List<String> addresses) {
    boolean shared = !executor.equals(ExecutorEnd.DRIVER);
    return new GpuRequest(addresses, Optional.ofNullable(System.getenv(VISIBLE)), shared);
  }

  /** Of the one process of a run, where nobody has named a GPU. */
  static GpuRequest none() {
    return of(ExecutorEnd.DRIVER, List.of());
  }

  /**
   * The device.
   *
   * @param seen what CUDA shows to this process
   * @throws TangentsException of category SETUP if there is none, or if it cannot be told which
   */
  public CudaDevice choose(CudaDevices seen) {
    List<CudaDevice> devices = seen.list();
    if (devices.isEmpty()) {
      throw missing(seen.reason());
    }
    if (addresses.size() > 1) {
      throw TangentsException.setup(
          "GPU: Spark gave this executor %s; expected one, since an engine computes on one. Set"
              + " spark.executor.resource.gpu.amount=1 and run an executor for each GPU",
          String.join(", ", addresses));
    }
    if (addresses.isEmpty()) {
      if (shared && devices.size() > 1) {
        throw TangentsException.setup(
            "GPU: Spark gave this executor none, and it sees %d (%s); which one is its own cannot be told. Set"
                + " spark.executor.resource.gpu.amount=1 and the keys beside it (conf/spark/gpu-*.conf)",
            devices.size(), listed(devices));
      }
      return devices.get(0);
    }
    String address = addresses.get(0).strip();
    return find(address, devices)
        .orElseThrow(
            () ->
                TangentsException.setup(
                    "GPU: %s was given to this process, which sees %s (%s=%s) and no such one. Let %s name it, or"
                        + " unset it; for a --gpu, give the number or UUID that nvidia-smi prints",
                    address, listed(devices), VISIBLE, visible.orElse("unset"), VISIBLE));
  }

  private Optional<CudaDevice> find(String address, List<CudaDevice> devices) {
    if (!address.matches("\\d+")) {
      return devices.stream().filter(device -> isNamed(device, address)).findFirst();
    }
    if (shared && devices.size() == 1) {
      // A container sees its own GPU alone, as number 0, whatever number it has outside.
      return Optional.of(devices.get(0));
    }
    int number = visible.map(list -> place(list, address)).orElse(Integer.parseInt(address));
    List<CudaDevice> ordered =
        visible.isPresent()
            ? devices // in the order of the variable
            : devices.stream().sorted(Comparator.comparing(GpuRequest::place)).toList();
    return number < 0 || number >= ordered.size()
        ? Optional.empty()
        : Optional.of(ordered.get(number));
  }

  /** Place of a number among those that the variable lists, -1 if it is none of them. */
  private static int place(String list, String address) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).toList().indexOf(address);
  }

  private static boolean isNamed(CudaDevice device, String address) {
    String name = address.toLowerCase(Locale.ROOT);
    return device.uuid().toLowerCase(Locale.ROOT).startsWith(name)
        || place(device).equals(place(name));
  }

  private static String place(CudaDevice device) {
    return place(device.busId());
  }

  /** A place on the bus with the domain that CUDA writes with 4 digits and nvidia-smi with 8. */
  private static String place(String bus) {
    String place = bus.toLowerCase(Locale.ROOT);
    int domain = place.indexOf(':');
    return domain < 0 ? place : "0".repeat(Math.max(0, 8 - domain)) + place;
  }

  private TangentsException missing(String reason) {
    String cause =
        visible
            .filter(list -> list.isBlank() || list.strip().equals("-1"))
            .map(
                list ->
                    "%s is set to '%s', which hides all GPUs: unset it, or let it name one"
                        .formatted(VISIBLE, list))
            .orElse("Check nvidia-smi on that machine, and that its container sees the devices");
    String subject =
        addresses.isEmpty()
            ? "the engine needs one, and this process"
            : String.join(", ", addresses) + " was given to this process, which";
    return TangentsException.setup(
        "GPU: %s sees none: %s. %s. %s",
        subject, strip(reason), cause, instead.orElse("Or compute on the CPU: --engine nd4j"));
  }

  private static String strip(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private static String listed(List<CudaDevice> devices) {
    return devices.stream()
        .map(device -> device.ordinal() + ": " + device.name() + " " + device.uuid())
        .collect(Collectors.joining("; "));
  }
}
