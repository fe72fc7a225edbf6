package dev.tangents.job.io.file;

import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Files that are visible under their names only when they are whole. */
public final class Commits {
  private Commits() {}

  /**
   * Where a file that carries checksums of its own, or needs none, is written. Hadoop's local file
   * system puts a second file of checksums beside each, and writes 4 KiB at a time for it.
   */
  public static FileSystem fileSystem(Path target, Configuration hadoop) throws IOException {
    FileSystem fs = target.getFileSystem(hadoop);
    return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
  }

  /**
   * A step of writing a file.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  public interface Step<T> {
    /** Takes the step. */
    T run() throws IOException;
  }

  /**
   * Runs a step of writing {@code target}.
   *
   * @throws TangentsException of category RESOURCE if there is no room, no permission, no disk
   */
  public static <T> T writing(Path target, Step<T> step) {
    try {
      return step.run();
    } catch (IOException | FSError e) {
      // Hadoop's local file system makes an error of every failure to write.
      Throwable failure = e instanceof FSError && e.getCause() != null ? e.getCause() : e;
      String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason");
      throw TangentsException.resource(
              "output: %s cannot be written: %s. Check free space, quota and permissions",
              target, reason)
          .causedBy(e);
    }
  }

  /** Name of a file on its way to replace another. */
  public static String fresh(String name) {
    return name + ".new";
  }

  /**
   * Puts a text in place of an earlier one, in more than one step: not every file system replaces a
   * file. Who is killed meanwhile leaves the earlier text, or the new one, whole, under the name of
   * a file on its way alone. Where a reader takes that one, whoever removes the file removes it
   * first.
   */
  public static void replace(FileSystem fs, Path file, String text) throws IOException {
    Path fresh = new Path(file.getParent(), fresh(file.getName()));
    try (FSDataOutputStream out = fs.create(fresh, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    fs.delete(file, false);
    if (!fs.rename(fresh, file)) {
      throw new IOException("Cannot rename " + fresh + " to " + file);
    }
  }

  /** Where attempt {@code attempt} writes what will be {@code target}. */
  public static Path temporary(Path target, long attempt) {
    String name = target.getName().replace(".parquet", "");
    return new Path(target.getParent(), "_" + name + "-" + attempt);
  }

  /**
   * Gives a whole file its name. Another attempt's equal file may be there already; it stays.
   *
   * @throws IOException if the file cannot be renamed and its name is not taken either
   */
  public static void rename(FileSystem fs, Path temporary, Path target) throws IOException {
    if (!fs.rename(temporary, target)) {
      fs.delete(temporary, false);
      if (!fs.exists(target)) {
        throw new IOException("Cannot rename " + temporary + " to " + target);
      }
    }
  }
}
