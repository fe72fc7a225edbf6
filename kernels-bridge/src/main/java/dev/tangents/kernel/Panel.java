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
  private final List<DeviceTensor> owned;
  private final List<DeviceTensor> factors;
  private final long bytes;

  Panel(long rows, int pass, List<DeviceTensor> owned, long bytes) {
    this.rows = rows;
    this.pass = pass;
    this.owned = List.copyOf(owned);
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

  @Override
  public void close() {
    owned.forEach(DeviceTensor::close);
  }
}
