package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The result of a workload by one JVM alone, to which all others must be equal.
 *
 * @param output where it lies
 * @param hashes SHA-256 of every tile and panel
 */
record Undisturbed(Path output, Map<String, String> hashes) {
  static Undisturbed run(Path folder, Workload workload) throws IOException {
    Path output = folder.resolve("out");
    try (Jvm driver = Spark.submit(folder, workload.gram(output.toString()))) {
      assertEquals(0, driver.exitCode(Run.PATIENCE), driver::printed);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    Map<String, String> hashes = Result.of(output.toString()).hashes();
    assertEquals(workload.tiles() + workload.panels(), hashes.size());
    return new Undisturbed(output, hashes);
  }
}
