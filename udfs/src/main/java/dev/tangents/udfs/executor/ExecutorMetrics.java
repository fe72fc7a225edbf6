package dev.tangents.udfs.executor;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.function.LongSupplier;

/**
 * What an executor has done so far, for whatever sinks Spark's {@code metrics.properties} names: as
 * {@code plugin.dev.tangents.job.TangentsPlugin.NAME}. Thread-safe.
 */
public final class ExecutorMetrics {
  private final Counter tilesWritten;
  private final Counter panelsWritten;
  private final Counter bytesWritten;
  private final Counter networkNanos;
  private final Counter tileNanos;
  private final Counter writeNanos;

  /**
   * Registers all of them.
   *
   * @param nativeBytes says what the executor's engines hold outside of the heap
   */
  ExecutorMetrics(MetricRegistry registry, LongSupplier nativeBytes) {
    tilesWritten = registry.counter("tilesWritten");
    panelsWritten = registry.counter("panelsWritten");
    bytesWritten = registry.counter("bytesWritten");
    networkNanos = registry.counter("networkNanos");
    tileNanos = registry.counter("tileNanos");
    writeNanos = registry.counter("writeNanos");
    registry.gauge("nativeBytes", () -> (Gauge<Long>) nativeBytes::getAsLong);
  }

  /** A tile was written in {@code nanos} of task time. */
  public void wroteTile(long bytes, long nanos) {
    tilesWritten.inc();
    wrote(bytes, nanos);
  }

  /** The records of a panel were written in {@code nanos} of task time. */
  public void wrotePanel(long bytes, long nanos) {
    panelsWritten.inc();
    wrote(bytes, nanos);
  }

  /** Task time spent in arithmetic: in passes through the network, and in tiles of a kernel. */
  public void computed(long network, long tiles) {
    networkNanos.inc(network);
    tileNanos.inc(tiles);
  }

  private void wrote(long bytes, long nanos) {
    bytesWritten.inc(bytes);
    writeNanos.inc(nanos);
  }
}
