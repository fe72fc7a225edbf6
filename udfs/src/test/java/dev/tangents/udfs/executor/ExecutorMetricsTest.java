package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.codahale.metrics.MetricRegistry;
import org.junit.jupiter.api.Test;

class ExecutorMetricsTest {
  private final MetricRegistry registry = new MetricRegistry();
  private long held;
  private final ExecutorMetrics metrics = new ExecutorMetrics(registry, () -> held);

  @Test
  void countersAddUpAndTheGaugeIsReadWhenAsked() {
    metrics.wroteTile(100, 7);
    metrics.wroteTile(50, 1);
    metrics.wrotePanel(1000, 20);
    metrics.computed(3, 5);
    metrics.computed(3, 0);
    assertEquals(2, count("tilesWritten"));
    assertEquals(1, count("panelsWritten"));
    assertEquals(1150, count("bytesWritten"));
    assertEquals(28, count("writeNanos"));
    assertEquals(6, count("networkNanos"));
    assertEquals(5, count("tileNanos"));
    held = 42;
    assertEquals(42L, registry.getGauges().get("nativeBytes").getValue());
  }

  private long count(String name) {
    return registry.getCounters().get(name).getCount();
  }
}
