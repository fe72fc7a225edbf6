package dev.tangents.job.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PeakMemoryTest {
  @Test
  void statusIsRead() {
    String status = "VmPeak:\t 9000 kB\nVmSize:\t 8000 kB\nVmHWM:\t    7168 kB\nVmRSS:\t 10 kB\n";
    assertEquals(OptionalLong.of(7L << 20), PeakMemory.of(status));
    assertEquals(OptionalLong.empty(), PeakMemory.of("Name:\tjava\n"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aJvmTakesMoreThanItsHeapInUse() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    assertTrue(PeakMemory.bytes().orElseThrow() > used / 2);
  }
}
