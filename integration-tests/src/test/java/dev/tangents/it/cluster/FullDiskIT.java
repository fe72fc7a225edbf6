package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room for all tiles: the run says so, and goes on when there is room. */
@Tag("full")
@ExtendWith(ClusterExtension.class)
class FullDiskIT {
  @TempDir private Path folder;

  @Test
  void fullDiskIsNamedAndResumed(Cluster cluster, Undisturbed undisturbed) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()),
        "Root alone mounts a small disk; HdfsIT fills up a file system for everybody");
    try {
      String output = disk.resolve("out").toString();
      run(cluster, output).assertFails(1, output, "cannot be written: No space left on device");
      mount("-o", "remount,size=64m", disk.toString());
      run(cluster, output).assertEqualTo(undisturbed);
    } finally {
      new ProcessBuilder("umount", "--lazy", disk.toString()).start().waitFor();
    }
  }

  private static Run run(Cluster cluster, String output) throws IOException {
    return new Run(output, cluster.submit(Workload.DIGITS.gram(output, "--if-exists", "resume")));
  }

  private static boolean mount(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start().waitFor() == 0;
  }
}
