package dev.tangents.kernel;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The factors of a run of samples, in an engine's memory. Made by {@link GramKernel#panel}; whoever
 * asked for it closes it.
 */
public final class Panel implements AutoCloseable {
  /** Numbers on the heap at a time, unless one row has more. */
  private static final long CHUNK = 1 << 20;

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

  /**
   * Hands out its numbers, some rows of a factor at a time, in the order in which {@link
   * GramKernel#restore} asks for them.
   */
  public void read(Consumer<HostTensor> sink) {
    chunks().forEach(chunk -> sink.accept(chunk.read()));
  }

  /** The panel's numbers, some rows of a factor at a time. */
  List<DeviceTensor> chunks() {
    List<DeviceTensor> all = new ArrayList<>();
    factors.forEach(factor -> chunks(factor, all::add));
    return all;
  }

  /** Hands out a factor, some of its rows at a time. */
  static void chunks(DeviceTensor factor, Consumer<DeviceTensor> sink) {
    long rows = factor.shape().dim(0);
    long step = Math.max(1, CHUNK / Math.max(1, factor.shape().remove(0).size()));
    for (long from = 0; from < rows; from += step) {
      sink.accept(factor.rows(from, Math.min(rows, from + step)));
    }
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
