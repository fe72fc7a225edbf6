package dev.tangents.it.cluster;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What lies in the folders of a result.
 *
 * @param hashes SHA-256 of every tile and panel, by folder and name
 * @param strays whatever else lies beside them
 * @param complete whether the run said so
 */
record Result(Map<String, String> hashes, List<String> strays, boolean complete) {
  private static final String VISIBLE = "(tile-\\d+-\\d+|panel-\\d+)\\.parquet";

  /** A result on any file system of Hadoop. */
  static Result of(String output) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    List<String> strays = new ArrayList<>();
    FileSystem fs = fileSystem(output);
    for (String folder : List.of("kernel", "samples")) {
      for (FileStatus file : fs.listStatus(new Path(output, folder))) {
        String name = file.getPath().getName();
        if (name.matches(VISIBLE)) {
          hashes.put(folder + "/" + name, hash(fs, file));
        } else if (!name.matches("\\." + VISIBLE + "\\.crc")) {
          strays.add(folder + "/" + name);
        }
      }
    }
    return new Result(hashes, strays, fs.exists(new Path(output, "_SUCCESS")));
  }

  /** Number of tiles that are visible. */
  static long tiles(String output) throws IOException {
    Path kernel = new Path(output, "kernel");
    try {
      return fileSystem(output).listStatus(kernel, path -> path.getName().matches(VISIBLE)).length;
    } catch (FileNotFoundException e) {
      return 0;
    }
  }

  private static FileSystem fileSystem(String output) throws IOException {
    FileSystem fs = new Path(output).getFileSystem(new Configuration());
    // The one for local disks hides its checksums, which may be strays too.
    return fs instanceof ChecksumFileSystem local ? local.getRawFileSystem() : fs;
  }

  private static String hash(FileSystem fs, FileStatus file) throws IOException {
    try (FSDataInputStream in = fs.open(file.getPath())) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(in.readAllBytes());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
