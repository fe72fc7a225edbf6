package dev.tangents.exec.cuda.driver;

import dev.tangents.error.TangentsException;
import java.util.Set;

/** What a driver's error number means to the person who runs the program. */
public final class CudaErrors {
  /** CUDA_ERROR_OUT_OF_MEMORY. */
  static final int OUT_OF_MEMORY = 2;

  /**
   * Numbers after which the context is lost and every later call fails the same way, by the
   * driver's documentation: launch failures, illegal addresses and instructions, traps, hardware
   * faults, a device that is gone.
   */
  private static final Set<Integer> STICKY =
      Set.of(214, 219, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 720, 721);

  private CudaErrors() {}

  /** Whether a process must end after this error, since its device does not serve it any more. */
  static boolean sticky(int code) {
    return STICKY.contains(code);
  }

  /**
   * The exception for a failed call.
   *
   * @param call name of the function
   * @param text the driver's words for the number
   */
  public static RuntimeException of(int code, String call, String text) {
    if (code == OUT_OF_MEMORY) {
      return TangentsException.resource(
          "GPU: out of memory in %s. Use a smaller tile or batch, or a GPU with more memory", call);
    }
    if (sticky(code)) {
      return new DeviceLostException(code, call, text);
    }
    return TangentsException.setup(
        "GPU: %s failed with error %d (%s). 'tangents doctor' looks for the cause",
        call, code, text);
  }
}
