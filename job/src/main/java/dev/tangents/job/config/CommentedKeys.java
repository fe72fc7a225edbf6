package dev.tangents.job.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of {@code conf/spark}, where a comment stands above each key or group of keys: the build
 * puts them beside this class, so that the reference has their words.
 */
final class CommentedKeys {
  /** The files, in the order of the reference. */
  static final List<String> FILES =
      List.of(
          "local",
          "standalone",
          "yarn",
          "kubernetes",
          "gpu-standalone",
          "gpu-yarn",
          "gpu-kubernetes");

  /**
   * A key in a file.
   *
   * @param key Spark's
   * @param value what the file sets it to
   * @param why the comment above it, in one line; empty if there is none
   */
  record Entry(String key, String value, String why) {}

  private CommentedKeys() {}

  /** The entries of one of the files. */
  static List<Entry> of(String file) {
    return parse(resource("spark/" + file + ".conf"));
  }

  /** The entries of a text. A blank line parts a comment from the keys that it is not about. */
  static List<Entry> parse(String text) {
    List<Entry> entries = new ArrayList<>();
    List<String> comment = new ArrayList<>();
    boolean afterKey = false;
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || (afterKey && line.startsWith("#"))) {
        comment.clear();
      }
      afterKey = !line.isEmpty() && !line.startsWith("#");
      if (line.startsWith("#")) {
        comment.add(line.substring(1).strip());
      } else if (afterKey) {
        String[] words = line.split("\\s+", 2);
        entries.add(
            new Entry(words[0], words.length < 2 ? "" : words[1], String.join(" ", comment)));
      }
    }
    return entries;
  }

  /**
   * A text file that the build has put beside this class.
   *
   * @throws IllegalStateException if it is not there
   */
  static String resource(String name) {
    try (InputStream stream = CommentedKeys.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("The build left out " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
