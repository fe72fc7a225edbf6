package dev.tangents.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tangents.exec.cuda.CudaDevices;
import dev.tangents.job.report.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code bench gpu} says where there is nothing to measure. */
class GpuBenchCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... flags) {
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false);
    String[] all = new String[flags.length + 2];
    all[0] = "bench";
    all[1] = "gpu";
    System.arraycopy(flags, 0, all, 2, flags.length);
    return new Tangents(List.of(new GpuBenchCommand()), console).run(all);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutAGpuItStopsWithWhatIsMissingAndWhatToDo() {
    assumeTrue(CudaDevices.visible().list().isEmpty(), "a machine with a GPU");
    assertEquals(1, run());
    assertTrue(
        said().startsWith("error (setup): GPU: the engine needs one, and this process sees none: "),
        said());
    assertTrue(said().contains(CudaDevices.visible().reason().substring(0, 20)), said());
    assertTrue(said().contains("nvidia-smi") || said().contains("CUDA_VISIBLE_DEVICES"), said());
    assertFalse(said().contains("--engine"), said());
    assertTrue(said().contains("Or measure the CPU: 'tangents bench gram'"), said());
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void flagsOfOtherBenchmarksAreRefused() {
    assertEquals(2, run("--engine", "cuda"));
    assertTrue(said().contains("--engine"), said());
    assertEquals(2, run("--limit", "0"));
    assertTrue(said().contains("limit: expected a whole number of at least 1, got '0'"), said());
  }
}
