package dev.tangents.udfs.executor;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why an executor ends itself. Its exit code is all that the driver hears of it; Spark runs its
 * tasks on others, and replaces it.
 */
public enum ExecutorEnd {
  /** The GPU answers every call with the same error: the process is lost, the GPU is not. */
  GPU_LOST(20, "its GPU was lost to it (a CUDA error after which no call succeeds)"),
  /** Native work does not come back; nothing else gives back its core and its memory. */
  HUNG(75, "its native work hung");

  /** The name of the driver among executors, where it computes itself. */
  static final String DRIVER = "driver";

  private final int code;
  private final String reason;

  ExecutorEnd(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The exit code. */
  public int code() {
    return code;
  }

  /** What happened, for the user. */
  public String reason() {
    return reason;
  }

  /** The end with an exit code, if it is one of these. */
  public static Optional<ExecutorEnd> of(int code) {
    return Arrays.stream(values()).filter(end -> end.code == code).findFirst();
  }

  /**
   * Ends this process at once, without the shutdown hooks, which would call what does not answer. A
   * driver does not end itself.
   *
   * @param executor its name
   * @param detail for its log
   */
  public void end(String executor, String detail) {
    if (!executor.equals(DRIVER)) {
      System.err.println("Tangents: executor " + executor + " ends itself, " + reason + detail);
      Runtime.getRuntime().halt(code);
    }
  }
}
