package dev.tangents.job.io.input;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.job.plan.Amounts;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What lies under an input path.
 *
 * @param root the part of the files' paths that is not shown and does not order them; empty for a
 *     pattern
 * @param format how the files are coded
 * @param pattern the path for Spark, which takes it for a pattern
 * @param all the files in every folder below, without those that are hidden from Spark
 * @param beside those of them that lie beside folders by partition: Spark lists and does not read
 *     them
 */
record InputFiles(
    String root, InputFormat format, String pattern, List<FileStatus> all, Set<FileStatus> beside) {
  private static final String SPECIAL = "([\\[\\]{}*?\\\\])";

  /** Copies both. */
  InputFiles {
    all = List.copyOf(all);
    beside = Set.copyOf(beside);
  }

  /**
   * Looks at the path. What is there by that name is meant, before what it is a pattern of.
   *
   * @param asked the format, AUTO to see it from the first file's name
   * @throws TangentsException of category USER if there is no file, or its name does not tell
   */
  static InputFiles list(Configuration hadoop, String input, InputFormat asked) {
    try {
      Path path = new Path(input);
      FileSystem fs = path.getFileSystem(hadoop);
      boolean there = fs.exists(path);
      String pattern = there ? input.replaceAll(SPECIAL, "\\\\$1") : input;
      FileStatus[] matches = fs.globStatus(new Path(pattern));
      if (matches == null || matches.length == 0) {
        throw TangentsException.user(
            "input: %s does not exist%s. Check the path",
            input, input.matches(".*" + SPECIAL + ".*") ? ", nor anything that it matches" : "");
      }
      List<FileStatus> all = new ArrayList<>();
      Set<FileStatus> beside = new HashSet<>();
      for (FileStatus match : matches) {
        if (there || !isHidden(match.getPath().getName())) {
          add(fs, match, all, beside);
        }
      }
      if (all.isEmpty()) {
        throw TangentsException.data("input: %s holds no data file", input);
      }
      boolean single = matches.length == 1;
      String root = single ? root(matches[0]) : "";
      String first = all.get(0).getPath().getName();
      return new InputFiles(
          root, asked == InputFormat.AUTO ? formatOf(input, first) : asked, pattern, all, beside);
    } catch (IOException | IllegalArgumentException e) {
      throw TangentsException.user("input: %s cannot be listed: %s", input, e.getMessage())
          .causedBy(e);
    }
  }

  private static String root(FileStatus match) {
    Path folder = match.isDirectory() ? match.getPath() : match.getPath().getParent();
    return folder.toString() + "/";
  }

  /** Adds the files of a match. */
  private static void add(
      FileSystem fs, FileStatus match, List<FileStatus> all, Set<FileStatus> beside)
      throws IOException {
    List<FileStatus> found = new FolderWalk(fs, InputFiles::isHidden).files(match);
    int above = match.getPath().toString().length();
    Predicate<FileStatus> isPart = file -> file.getPath().toString().indexOf('=', above) >= 0;
    if (match.isDirectory() && found.stream().anyMatch(isPart)) {
      found.stream().filter(isPart.negate()).forEach(beside::add);
    }
    all.addAll(found);
  }

  /** Whether Spark passes over a file or folder by its name, or need not be asked to read it. */
  private static boolean isHidden(String name) {
    return name.startsWith(".")
        || (name.startsWith("_") && !name.contains("="))
        || name.endsWith("._COPYING_");
  }

  /**
   * Checks that Spark reads all of them.
   *
   * @param used URIs of those that it reads
   * @throws TangentsException of category DATA that names one that it would leave out
   */
  void requireAll(String... used) {
    Set<Path> read =
        Arrays.stream(used)
            .map(file -> new Path(URI.create(file).getPath()))
            .collect(Collectors.toSet());
    List<Path> left =
        all.stream()
            .filter(file -> file.getLen() > 0)
            .filter(file -> beside.contains(file) || !read.contains(plain(file)))
            .map(InputFiles::plain)
            .sorted()
            .toList();
    if (!left.isEmpty()) {
      throw TangentsException.data(
          "input: %s would be left out of %s, such as %s: a folder holds files or folders by partition (a=1), not"
              + " both. Name those that are meant by a pattern, or move the others",
          Amounts.counted(left.size(), "file"), Amounts.count(all.size()), left.get(0));
    }
    for (FileStatus file : all) {
      if (format == InputFormat.PARQUET && file.getLen() == 0) {
        throw TangentsException.data(
            "input: %s has no bytes, which is no Parquet file. Write the file again or remove it",
            file.getPath());
      }
    }
  }

  private static Path plain(FileStatus file) {
    return Path.getPathWithoutSchemeAndAuthority(file.getPath());
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
