package dev.tangents.job.stage.session;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceWork;
import dev.tangents.udfs.executor.Worker;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The device that a task has computed on, and what it did there. The share of its peak is the time
 * that its products take at least, each in its own arithmetic, of the time that tasks have spent:
 * where several share a device each counts its own time, so that their device does more.
 */
public final class DeviceReport implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String device;
  private final long kernels;
  private final double flops;
  private final double peakSeconds;
  private final long uploaded;
  private final long downloaded;
  private final long nanos;
  private final double peak;

  /**
   * The report of a task that ends.
   *
   * @param arithmetic of most of its products
   * @param nanos that it spent in arithmetic
   */
  public DeviceReport(Worker worker, Arithmetic arithmetic, long nanos) {
    this(worker.device(), worker.takeDeviceWork(), worker.peakFlops(arithmetic), nanos);
  }

  /**
   * A report of work on a device.
   *
   * @param device its name, empty for a processor
   * @param peak operations a second that the device has at most, 0 if that is not known
   * @param nanos spent in arithmetic
   */
  public DeviceReport(String device, DeviceWork work, double peak, long nanos) {
    this.device = device;
    this.kernels = work.kernels();
    this.flops = work.flops();
    this.peakSeconds = work.peakSeconds();
    this.peak = peak;
    this.uploaded = work.uploaded();
    this.downloaded = work.downloaded();
    this.nanos = nanos;
  }

  private DeviceReport and(DeviceReport more) {
    return new DeviceReport(
        device,
        new DeviceWork(
            kernels + more.kernels,
            flops + more.flops,
            peakSeconds + more.peakSeconds,
            uploaded + more.uploaded,
            downloaded + more.downloaded),
        peak,
        nanos + more.nanos);
  }

  /** For a manifest: what each device has done in all tasks; nothing of processors. */
  public static List<Map<String, Object>> facts(Collection<DeviceReport> reports) {
    Map<String, DeviceReport> sums = new TreeMap<>();
    reports.stream()
        .filter(report -> !report.device.isEmpty())
        .forEach(report -> sums.merge(report.device, report, DeviceReport::and));
    List<Map<String, Object>> facts = new ArrayList<>();
    sums.values().forEach(sum -> facts.add(sum.facts()));
    return facts;
  }

  private Map<String, Object> facts() {
    double seconds = nanos / 1e9;
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("device", device);
    facts.put("task-seconds", seconds);
    if (kernels > 0) {
      facts.put("kernels", kernels);
      facts.put("product-flops", flops);
      facts.put("product-flops-per-task-second", Math.rint(flops / Math.max(1e-9, seconds)));
      if (peak > 0) {
        facts.put("peak-flops-per-second", Math.rint(peak));
        facts.put("share-of-peak", peakSeconds / Math.max(1e-9, seconds));
      }
      facts.put("bytes-to-device", uploaded);
      facts.put("bytes-from-device", downloaded);
    }
    return facts;
  }
}
