package dev.tangents.job.stage.doctor;

import dev.tangents.job.doctor.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Looks at the folder where JavaCPP unpacks native libraries. */
final class CacheProbe {
  private static final String FOLDER = "org.bytedeco.javacpp.cachedir";

  private CacheProbe() {}

  static Node.Cache look() {
    String given = System.getProperty(FOLDER);
    return look(
        given != null
            ? Path.of(given)
            : Path.of(System.getProperty("user.home"), ".javacpp", "cache"));
  }

  static Node.Cache look(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    String failure = "";
    try {
      Files.createDirectories(absolute);
      Files.delete(Files.createTempFile(absolute, "tangents-doctor", ""));
    } catch (IOException e) {
      failure = e.toString();
    }
    Path there = existing(absolute);
    return new Node.Cache(
        absolute.toString(), failure, size(absolute), there.toFile().getUsableSpace());
  }

  private static Path existing(Path folder) {
    Path there = folder;
    while (!Files.isDirectory(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  /** Bytes of the files; others may be unpacking or removing some meanwhile. */
  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
