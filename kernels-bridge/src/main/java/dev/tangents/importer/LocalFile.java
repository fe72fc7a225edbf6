package dev.tangents.importer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A model file on a local disk.
 *
 * @param path where it lies
 */
public record LocalFile(Path path) implements ModelSource {
  /** The path is required. */
  public LocalFile {
    Objects.requireNonNull(path, "path");
  }

  /** The file at {@code path}, as {@link Models#load} wants it. */
  public static ModelSource at(String path) {
    return new LocalFile(Path.of(path));
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(path);
  }

  @Override
  public ModelSource sibling(String fileName) {
    return new LocalFile(path.resolveSibling(ModelSource.requirePlainName(fileName)));
  }
}
