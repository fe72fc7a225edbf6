package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that are killed, and what they leave to the next. */
@ExtendWith(ClusterExtension.class)
class KillsIT {
  @TempDir private Path folder;

  @Test
  void killedTwiceAndResumed(Cluster cluster, Undisturbed undisturbed) throws Exception {
    kill(2, cluster, undisturbed);
  }

  @Test
  @Tag("full")
  void killedTenTimesAndResumed(Cluster cluster, Undisturbed undisturbed) throws Exception {
    kill(10, cluster, undisturbed);
  }

  private void kill(int times, Cluster cluster, Undisturbed undisturbed) throws Exception {
    Random random = Kills.random();
    Run last = new Kills(cluster, Workload.DIGITS, folder.resolve("out"), random).run(times);
    last.assertEqualTo(undisturbed);
    last.assertTidy();
  }

  @Test
  void outputInUseIsRefused() throws Exception {
    String output = folder.resolve("out").toString();
    var arguments = Workload.DIGITS.gram(output, "--if-exists", "resume");
    try (Jvm first = Spark.submit(folder, arguments)) {
      new Run(output, first).awaitTiles(1);
      Jvm.signal("STOP", first.handle()); // It lives, and is not done when the second looks.
      try (Jvm second = Spark.submit(folder, arguments)) {
        new Run(output, second).assertFails(2, "in use: process " + first.handle().pid());
      }
      assertTrue(first.isAlive(), first::printed);
    }
  }
}
