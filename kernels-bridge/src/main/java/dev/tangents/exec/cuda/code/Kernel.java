package dev.tangents.exec.cuda.code;

import java.util.List;

/**
 * A kernel: its body runs once for each instance, independently.
 *
 * @param scale whether a thread or a block of threads is one instance
 * @param instances how many there are
 * @param instance the variable that counts them
 * @param buffers what it reads and writes
 * @param body what one instance does
 */
public record Kernel(
    Scale scale, int instances, Expr.Var instance, List<Buffer> buffers, List<Stmt> body) {
  /** Threads of a block. */
  public static final int BLOCK = 256;

  /** Copies the lists. */
  public Kernel {
    buffers = List.copyOf(buffers);
    body = List.copyOf(body);
  }

  /** Who does the work of one instance. */
  public enum Scale {
    /** One thread. */
    THREAD,
    /** {@link #BLOCK} threads. */
    BLOCK
  }

  /**
   * A buffer that a kernel is given.
   *
   * @param kind REAL, WIDE or INT
   * @param written whether it stores there; else no store of the kernel may be seen through it
   */
  public record Buffer(Kind kind, boolean written) {}

  /** Blocks to be launched. */
  public int blocks() {
    return scale == Scale.BLOCK ? instances : (int) (((long) instances + BLOCK - 1) / BLOCK);
  }
}
