package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A library in place of NVIDIA's driver that tells of devices which are not there.
 *
 * @param folder of the library
 */
record FakeCuda(Path folder) {
  private static final Path COMPILER = Path.of("/usr/bin/cc");

  /** Compiles it; a machine without a C compiler skips the test. */
  static FakeCuda in(Path folder) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(COMPILER), "no C compiler");
    Path source = Path.of(System.getProperty("tangents.root"), "integration-tests/src/test/c");
    Process compiler =
        new ProcessBuilder(
                COMPILER.toString(),
                "-shared",
                "-fPIC",
                "-o",
                folder.resolve("libcuda.so.1").toString(),
                source.resolve("libcuda.c").toString())
            .inheritIO()
            .start();
    assertEquals(0, compiler.waitFor());
    return new FakeCuda(folder);
  }

  /** What makes a process see devices of these compute capabilities, such as {@code 8.6,9.0}. */
  Map<String, String> environment(String capabilities) {
    return new TreeMap<>(
        Map.of("TANGENTS_CUDA_PATH", folder.toString(), "TANGENTS_FAKE_GPUS", capabilities));
  }
}
