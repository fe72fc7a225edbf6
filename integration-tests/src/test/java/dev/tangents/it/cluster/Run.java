package dev.tangents.it.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A run that writes tiles.
 *
 * @param output where it writes
 * @param driver its driver
 */
record Run(String output, Jvm driver) {
  /** How long a run may take on a machine that has other work too. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration GLANCE = Duration.ofMillis(20);

  /** Waits until so many tiles are visible, of a run that goes on then. */
  void awaitTiles(int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(GLANCE)
        .until(() -> Result.tiles(output) >= count || !driver.isAlive());
    assertTrue(driver.isAlive(), driver::printed);
  }

  /** Asserts that what was just done was done in the middle: some of so many tiles are missing. */
  void assertUnfinished(int tiles) throws IOException {
    assertTrue(Result.tiles(output) < tiles, "All tiles were there; the workload is too small");
  }

  /** Waits for the end and asserts that it completed with the same bytes. */
  void assertEqualTo(Undisturbed undisturbed) throws IOException, InterruptedException {
    assertEquals(0, driver.exitCode(PATIENCE), driver::printed);
    Result result = Result.of(output);
    assertEquals(undisturbed.hashes(), result.hashes());
    assertTrue(result.complete(), driver::printed);
  }

  /** Asserts that nothing lies beside tiles and panels; what is killed may leave half a file. */
  void assertTidy() throws IOException {
    assertEquals(List.of(), Result.of(output).strays());
  }

  /** Waits for the end and asserts the exit code and a message that holds all of these. */
  void assertFails(int code, String... parts) throws InterruptedException {
    assertEquals(code, driver.exitCode(PATIENCE), driver::printed);
    String printed = driver.printed();
    for (String part : parts) {
      assertTrue(printed.contains(part), () -> part + " is not in: " + printed);
    }
  }
}
