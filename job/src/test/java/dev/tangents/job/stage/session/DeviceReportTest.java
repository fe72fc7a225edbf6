package dev.tangents.job.stage.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.DeviceWork;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a manifest says of devices. */
class DeviceReportTest {
  private static final DeviceWork WORK = new DeviceWork(10, 4e12, 0.25, 100, 50);

  @Test
  void tasksOfADeviceAreAddedAndProcessorsLeftOut() {
    List<Map<String, Object>> facts =
        DeviceReport.facts(
            List.of(
                new DeviceReport("GPU 0: b", WORK, 16e12, 1_500_000_000L),
                new DeviceReport("", DeviceWork.NONE, 0, 7),
                new DeviceReport("GPU 0: a", DeviceWork.NONE, 0, 500_000_000L),
                new DeviceReport("GPU 0: b", WORK, 16e12, 500_000_000L)));
    assertEquals(
        "[{device=GPU 0: a, task-seconds=0.5}, {device=GPU 0: b, task-seconds=2.0, kernels=20,"
            + " product-flops=8.0E12, product-flops-per-task-second=4.0E12, peak-flops-per-second=1.6E13, share-of-peak=0.25, bytes-to-device=200,"
            + " bytes-from-device=100}]",
        facts.toString());
  }

  @Test
  void workIsThatSinceTheLastReport() {
    assertEquals(
        WORK, new DeviceWork(13, 5e12, 0.5, 101, 50).since(new DeviceWork(3, 1e12, 0.25, 1, 0)));
  }

  @Test
  void ofADeviceWhosePeakIsNotKnownThereIsNoShare() {
    DeviceWork work = new DeviceWork(10, 4e12, 0, 100, 50);
    String facts = DeviceReport.facts(List.of(new DeviceReport("GPU 0: b", work, 0, 1))).toString();
    assertTrue(facts.contains("product-flops=4.0E12") && !facts.contains("peak"), facts);
  }
}
