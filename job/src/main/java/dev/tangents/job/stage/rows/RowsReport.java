package dev.tangents.job.stage.rows;

import dev.tangents.exec.Arithmetic;
import dev.tangents.job.report.PeakMemory;
import dev.tangents.job.stage.session.DeviceReport;
import dev.tangents.udfs.executor.Worker;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What the task that wrote the records of a panel tells the driver. */
final class RowsReport implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int panel;
  private final String hash;
  private final String engine;
  private final ArrayList<String> advice;
  private final DeviceReport device;
  private final long computeNanos;
  private final long writeNanos;
  private final long bytes;
  private final RowTally tally;
  private final long peakMemory;

  /** The report of a panel; {@code nanos} are those of computing and of writing. */
  RowsReport(int panel, String hash, Worker worker, long[] nanos, long bytes, RowTally tally) {
    this.panel = panel;
    this.hash = hash;
    this.engine = worker.describe();
    this.advice = new ArrayList<>(worker.advice());
    this.device = new DeviceReport(worker, Arithmetic.STRICT, nanos[0]);
    this.computeNanos = nanos[0];
    this.writeNanos = nanos[1];
    this.bytes = bytes;
    this.tally = tally;
    this.peakMemory = PeakMemory.bytes().orElse(0);
  }

  /** Which panel. */
  int panel() {
    return panel;
  }

  /** SHA-256 of its samples, in hex. */
  String hash() {
    return hash;
  }

  /** Name, versions and device of the engine. */
  String engine() {
    return engine;
  }

  /** The device, and what it did. */
  DeviceReport device() {
    return device;
  }

  /** What would make the engine faster on its machine. */
  List<String> advice() {
    return advice;
  }

  /** Task time in arithmetic. */
  long computeNanos() {
    return computeNanos;
  }

  /** Task time in writing. */
  long writeNanos() {
    return writeNanos;
  }

  /** Bytes of the files. */
  long bytes() {
    return bytes;
  }

  /** What was counted of its samples' losses. */
  RowTally tally() {
    return tally;
  }

  /** The most bytes that the task's process had in RAM up to its end; 0 where none can be told. */
  long peakMemory() {
    return peakMemory;
  }
}
