package dev.tangents.job.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void lineTellsShareRateAndWhatIsLeft() {
    assertEquals("tiles 0/4 (0 %)", Progress.line("tiles", 0, 4, 8e9, 3));
    assertEquals("tiles 1/4 (25 %), 1.0 GFLOP/s, 6.0 s left", Progress.line("tiles", 1, 4, 8e9, 2));
    assertEquals("", Progress.onExecutors(0));
    assertEquals(", on 1 executor", Progress.onExecutors(1));
    assertEquals(", on 12 executors", Progress.onExecutors(12));
  }

  @Test
  void terminalLineEndsWithTheExecutors() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CountDownLatch asked = new CountDownLatch(2);
    Progress progress =
        new Progress(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            true,
            "tiles",
            4,
            8e9,
            () -> 0,
            () -> {
              asked.countDown();
              return 3;
            });
    asked.await();
    progress.close();
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("\r\033[Ktiles 0/4 (0 %), on 3 executors"), text);
  }
}
