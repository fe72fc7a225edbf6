package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Input and output on HDFS, which is full first, and loses a node of two then. */
@ExtendWith(ClusterExtension.class)
class HdfsIT {
  private static final int TILES = Workload.DIGITS.tiles();
  private static final long MIB = 1 << 20;

  /** A block, which holds a row group of ours. */
  private static final long BLOCK_MIB = 8;

  @TempDir private Path folder;

  @Test
  void fullHdfsIsNamedAndResumedThoughADataNodeStops(Cluster cluster, Undisturbed undisturbed)
      throws Exception {
    try (MiniDfs hdfs = new MiniDfs(folder)) {
      String input = hdfs.put(Workload.SAMPLES);
      String output = hdfs.at("/out");
      Map<String, String> oneWriter = new TreeMap<>(hdfs.properties());
      oneWriter.put("spark.cores.max", "1");
      // On both nodes one whole block for the file that is being written, and half of the tiles.
      setQuota(hdfs.fileSystem(), output, 2 * (BLOCK_MIB + 1) * MIB);
      run(cluster, input, output, oneWriter)
          .assertFails(1, "output: " + output, "cannot be written", "quota");
      int tiles = Math.toIntExact(Result.tiles(output));
      assertTrue(tiles > 0 && tiles < TILES, () -> tiles + " tiles");
      setQuota(hdfs.fileSystem(), output, HdfsConstants.QUOTA_RESET);
      Run resumed = run(cluster, input, output, hdfs.properties());
      resumed.awaitTiles(tiles + 1);
      hdfs.stopDataNode();
      resumed.assertUnfinished(TILES);
      resumed.assertEqualTo(undisturbed);
    }
  }

  private static void setQuota(DistributedFileSystem fs, String folder, long bytes)
      throws Exception {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder);
    fs.mkdirs(path);
    fs.setQuota(path, HdfsConstants.QUOTA_DONT_SET, bytes);
  }

  private static Run run(
      Cluster cluster, String input, String output, Map<String, String> properties)
      throws Exception {
    return new Run(
        output,
        cluster.submit(
            Spark.JAR,
            properties,
            Workload.DIGITS.gram(output, "--input", input, "--if-exists", "resume")));
  }
}
