package dev.tangents.exec.cuda.driver;

/**
 * The GPU does not serve this process any more: after an illegal address, a failed launch or a
 * fault of the hardware every later call fails the same way, whatever it is. The process must end
 * and be replaced; repeating the work in it, or with a smaller batch, is in vain.
 */
public final class DeviceLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * A loss.
   *
   * @param code the driver's number of the error
   * @param call the function that told it
   * @param text the driver's words for the number
   */
  public DeviceLostException(int code, String call, String text) {
    super(
        "GPU: lost to this process, %s failed with error %d (%s). No later call can succeed; this executor has to"
                .formatted(call, code, text)
            + " end, and its tasks to run in another");
    this.code = code;
  }

  /** The driver's number of the error, a {@code CUresult}: 700 is an illegal address. */
  public int code() {
    return code;
  }

  /** Whether {@code failure} or one of its causes is the loss of a device. */
  public static boolean isIn(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof DeviceLostException) {
        return true;
      }
    }
    return false;
  }
}
