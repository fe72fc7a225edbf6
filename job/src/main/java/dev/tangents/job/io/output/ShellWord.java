package dev.tangents.job.io.output;

import org.apache.hadoop.fs.Path;

/** Words of commands in messages, as a shell takes each for one. */
public final class ShellWord {
  private ShellWord() {}

  /** A word, in quotes where it needs them. */
  public static String of(String word) {
    return word.matches("[\\w@%+=:,./-]+")
        ? word
        : '"' + word.replaceAll("([\\\\\"$`])", "\\\\$1") + '"';
  }

  /** A folder, with its file system where that is not this machine's. */
  static String of(Path folder) {
    String scheme = folder.toUri().getScheme();
    boolean local = scheme == null || scheme.equals("file");
    return of((local ? Path.getPathWithoutSchemeAndAuthority(folder) : folder).toString());
  }
}
