package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that nobody can write, root included. */
class UnwritableIT {
  @TempDir private Path folder;

  @Test
  void folderInAFileIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    String output = file.resolve("out").toString();
    assertFails(2, output, "output: " + output + " lies in " + file + ", which is a file");
  }

  @Test
  void readOnlyFileSystemIsNamed() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self")), "/proc is what no user can create folders in");
    assertFails(1, "/proc/tangents", "output: file:/proc/tangents cannot be created");
  }

  private void assertFails(int code, String output, String message) throws Exception {
    try (Jvm driver = Spark.submit(folder, Workload.DIGITS.gram(output))) {
      new Run(output, driver).assertFails(code, message);
    }
  }
}
