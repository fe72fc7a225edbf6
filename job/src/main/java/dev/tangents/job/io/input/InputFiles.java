package dev.tangents.job.io.input;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.InputFormat;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * What lies under an input path.
 *
 * @param root the part of the files' paths that is not shown and does not order them; empty for a
 *     pattern
 * @param format how the files are coded
 */
record InputFiles(String root, InputFormat format) {
  /**
   * Looks at the path.
   *
   * @param asked the format, AUTO to see it from the first file's name
   * @throws TangentsException of category USER if there is no file, or its name does not tell
   */
  static InputFiles list(Configuration hadoop, String input, InputFormat asked) {
    try {
      Path path = new Path(input);
      FileSystem fs = path.getFileSystem(hadoop);
      FileStatus[] matches = fs.globStatus(path);
      if (matches == null || matches.length == 0) {
        throw TangentsException.user("input: %s does not exist. Check the path", input);
      }
      Optional<String> first = Optional.empty();
      for (int i = 0; i < matches.length && first.isEmpty(); i++) {
        first = firstFile(fs, matches[i]);
      }
      String name =
          first.orElseThrow(() -> TangentsException.data("input: %s holds no data file", input));
      boolean single = matches.length == 1;
      String root = single ? root(matches[0]) : "";
      return new InputFiles(root, asked == InputFormat.AUTO ? formatOf(input, name) : asked);
    } catch (IOException | IllegalArgumentException e) {
      throw TangentsException.user("input: %s cannot be listed: %s", input, e.getMessage())
          .causedBy(e);
    }
  }

  private static String root(FileStatus match) {
    Path folder = match.isDirectory() ? match.getPath() : match.getPath().getParent();
    return folder.toString() + "/";
  }

  private static Optional<String> firstFile(FileSystem fs, FileStatus match) throws IOException {
    if (match.isFile()) {
      return Optional.of(match.getPath().getName());
    }
    RemoteIterator<LocatedFileStatus> files = fs.listFiles(match.getPath(), true);
    while (files.hasNext()) {
      String name = files.next().getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static InputFormat formatOf(String input, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (InputFormat format : InputFormat.values()) {
      if (lower.contains("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw TangentsException.user(
        "input: the name of %s in %s does not tell its format. Give --format parquet, orc, csv or"
            + " json",
        name, input);
  }
}
