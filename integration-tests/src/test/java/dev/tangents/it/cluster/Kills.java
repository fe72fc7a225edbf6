package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.plan.Amounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Kills the driver of a run again and again, at random tiles, and resumes it each time. */
final class Kills {
  private final Cluster cluster;
  private final Workload workload;
  private final Path output;
  private final Random random;

  /** Inode and time of every tile that was ever seen; neither may change any more. */
  private final Map<String, Object> seen = new TreeMap<>();

  /** Kills of a run whose output is on a local disk. */
  Kills(Cluster cluster, Workload workload, Path output, Random random) {
    this.cluster = cluster;
    this.workload = workload;
    this.output = output;
    this.random = random;
  }

  /** Random numbers from {@code -Dtangents.it.seed}, else from a seed that is printed. */
  static Random random() {
    long seed = Long.getLong("tangents.it.seed", System.nanoTime());
    System.getLogger(Kills.class.getName())
        .log(System.Logger.Level.INFO, "-Dtangents.it.seed=" + seed);
    return new Random(seed);
  }

  /**
   * Starts and kills so many times, then lets a last run go to its end.
   *
   * @return the last run
   */
  Run run(int kills) throws Exception {
    for (int left = kills; left > 0; left--) {
      Run run = start();
      // An even share of what is missing, so that some is missing at the last kill too.
      int share = (workload.tiles() - seen.size()) / (left + 1);
      run.awaitTiles(seen.size() + 1 + random.nextInt(Math.max(1, share)));
      run.driver().kill();
      cluster.awaitExecutors(0);
      run.assertUnfinished(workload.tiles());
      look();
    }
    Run last = start();
    assertEquals(0, last.driver().exitCode(Run.PATIENCE), last.driver()::printed);
    String said =
        "resumed: "
            + Amounts.count(seen.size())
            + " of "
            + Amounts.count(workload.tiles())
            + " tiles";
    assertTrue(last.driver().printed().contains(said), () -> said + ": " + last.driver().printed());
    look();
    return last;
  }

  private Run start() throws IOException {
    String path = output.toString();
    return new Run(path, cluster.submit(workload.gram(path, "--if-exists", "resume")));
  }

  /** Adds the tiles that are visible; those seen before must be the same files. */
  private void look() throws IOException {
    Map<String, Object> now = new TreeMap<>();
    try (Stream<Path> files = Files.list(output.resolve("kernel"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("tile-")).toList()) {
        now.put(
            file.getFileName().toString(), Files.readAttributes(file, "unix:ino,lastModifiedTime"));
      }
    }
    seen.forEach((name, stamp) -> assertEquals(stamp, now.get(name), name + " was written again"));
    seen.putAll(now);
  }
}
