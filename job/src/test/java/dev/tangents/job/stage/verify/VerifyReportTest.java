package dev.tangents.job.stage.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifyReportTest {
  @Test
  void oneTileIsOne() {
    assertEquals("  1 tile and 1 panel of samples as they were written", files(1, 1));
    assertEquals("  3 tiles and 2 panels of samples as they were written", files(3, 2));
  }

  private static String files(long tiles, int panels) {
    FileAudit.Found found = new FileAudit.Found(null, null, Map.of(), tiles, panels);
    VerifyReport report = new VerifyReport("k", 3, found, Optional.empty(), Map.of("total", 1.0));
    return report.text().lines().skip(1).findFirst().orElseThrow();
  }
}
