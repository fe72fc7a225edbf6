package dev.tangents.it.cluster;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** HDFS in this JVM, on the loopback: a NameNode and two DataNodes. */
final class MiniDfs implements AutoCloseable {
  private static final int DATA_NODES = 2;
  private static final int BLOCK_BYTES = 1 << 20;

  private final MiniDFSCluster cluster;

  /** Starts it; its blocks lie in a folder. */
  MiniDfs(java.nio.file.Path folder) throws IOException {
    // It warns of much that is of no concern for a test, most of all when a node stops.
    Configurator.setLevel("org.apache.hadoop", Level.OFF);
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    this.cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(DATA_NODES).build();
    cluster.waitActive();
  }

  /** What a client must know: every block lies on both nodes. */
  Map<String, String> properties() {
    return Map.of(
        "spark.hadoop.dfs.replication",
        Integer.toString(DATA_NODES),
        "spark.hadoop.dfs.blocksize",
        Integer.toString(BLOCK_BYTES));
  }

  /** Copies a file into the root; returns its address. */
  String put(String local) throws IOException {
    Path source = new Path(local);
    String address = at("/" + source.getName());
    fileSystem().copyFromLocalFile(source, new Path(address));
    return address;
  }

  /** The address of a path. */
  String at(String path) throws IOException {
    return fileSystem().getUri() + path;
  }

  DistributedFileSystem fileSystem() throws IOException {
    return cluster.getFileSystem();
  }

  /** Stops a DataNode; the NameNode takes it for living for minutes still. */
  void stopDataNode() {
    cluster.stopDataNode(0);
  }

  @Override
  public void close() {
    cluster.shutdown();
  }
}
