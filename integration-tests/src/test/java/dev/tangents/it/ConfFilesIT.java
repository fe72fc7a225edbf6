package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.it.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kernel with conf/spark/local.conf, and the same with conf/spark/standalone.conf. */
class ConfFilesIT {
  @TempDir private Path folder;

  @Test
  void bothGiveTheSameBytes() throws Exception {
    byte[] local = gram("local", "--master local[1]");
    try (Cluster cluster = new Cluster(folder, 1, 4)) {
      String size = " --conf spark.cores.max=1 --conf spark.executor.cores=1";
      assertArrayEquals(local, gram("standalone", "--master " + cluster.master() + size));
    }
  }

  private byte[] gram(String conf, String options) throws IOException, InterruptedException {
    Path output = folder.resolve(conf);
    List<String> command =
        List.of(
            "gram", "--config", "conf/digits-gram.conf", "--limit", "100", "--output", "" + output);
    String file = "--properties-file conf/spark/" + conf + ".conf ";
    Launcher run =
        Launcher.run(Map.of("TANGENTS_SPARK_SUBMIT_OPTS", file + options), folder, command);
    assertEquals(0, run.code(), run.printed());
    return Files.readAllBytes(output.resolve("kernel/tile-00000-00000.parquet"));
  }
}
