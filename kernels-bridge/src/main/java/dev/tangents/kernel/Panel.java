package dev.tangents.kernel;

import dev.tangents.exec.DeviceTensor;
import java.util.List;

/**
 * The factors of a run of samples, in an engine's memory. Made by {@link GramKernel#panel}; whoever
 * asked for it closes it.
 */
public final class Panel implements AutoCloseable {
  private final long rows;
  private final int pass;
  private final Runnable release;
  private final List<DeviceTensor> factors;
  private final long bytes;
  private boolean closed;

  Panel(long rows, int pass, List<DeviceTensor> owned, long bytes, Runnable release) {
    this.rows = rows;
    this.pass = pass;
    this.release = release;
    this.factors = owned.stream().map(tensor -> tensor.rows(0, rows)).toList();
    this.bytes = bytes;
  }

  /** Number of samples. */
  public long rows() {
    return rows;
  }

  /** Which of the plan's passes its factors are of. */
  int pass() {
    return pass;
  }

  /** Bytes of engine memory held. */
  public long bytes() {
    return bytes;
  }

  /** Per-sample factors, [rows, ...] each, in the order of the tile graph's inputs. */
  List<DeviceTensor> factors() {
    return factors;
  }

  /** Gives its memory back to the kernel that made it. Closing twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
