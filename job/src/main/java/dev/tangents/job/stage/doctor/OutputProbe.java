package dev.tangents.job.stage.doctor;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Tries what a run does with its output, in a folder of its own beside or in it: the driver makes
 * the folder and removes it, executors find it and write there too.
 */
final class OutputProbe implements AutoCloseable {
  private final Configuration hadoop;
  private final Path folder;

  private OutputProbe(Configuration hadoop, Path folder) {
    this.hadoop = hadoop;
    this.folder = folder;
  }

  /**
   * Makes the folder.
   *
   * @param output where the result shall lie, which need not be there
   * @throws IOException if it cannot be made
   */
  static OutputProbe open(Configuration hadoop, String output) throws IOException {
    Path path = new Path(output);
    FileSystem fs = path.getFileSystem(hadoop);
    Path there = fs.makeQualified(path);
    while (there.getParent() != null && !fs.exists(there)) {
      there = there.getParent();
    }
    Path folder = new Path(there, "_tangents-doctor-" + UUID.randomUUID());
    if (!fs.mkdirs(folder)) {
      throw new IOException("cannot make a folder in " + there);
    }
    return new OutputProbe(hadoop, folder);
  }

  /** The folder, for executors. */
  String folder() {
    return folder.toString();
  }

  /** What is wrong with a folder that the driver has made, from here; empty if nothing. */
  static String look(Configuration hadoop, String folder, String who) {
    try {
      Path path = new Path(folder);
      FileSystem fs = path.getFileSystem(hadoop);
      if (!fs.exists(path)) {
        return "a folder that the driver has made, " + path + ", is not seen from here";
      }
      Path temporary = new Path(path, "_" + who);
      Path whole = new Path(path, who);
      try (OutputStream out = fs.create(temporary, true)) {
        out.write(1);
      }
      if (!fs.rename(temporary, whole) || fs.getFileStatus(whole).getLen() != 1) {
        return "a file cannot be renamed in " + path.getParent();
      }
      return fs.delete(whole, false) ? "" : "a file cannot be deleted in " + path.getParent();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    folder.getFileSystem(hadoop).delete(folder, true);
  }
}
