package dev.tangents.importer;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** A model file, and those beside it, in memory alone. */
public final class MemoryFile implements ModelSource {
  private final String name;
  private final Map<String, byte[]> folder;

  private MemoryFile(String name, Map<String, byte[]> folder) {
    this.name = name;
    this.folder = folder;
  }

  /** A file alone in its folder. */
  public static ModelSource of(String name, byte[] content) {
    return new MemoryFile(name, Map.of(name, content));
  }

  /** The file {@code name} of a folder. */
  public static ModelSource in(Map<String, byte[]> folder, String name) {
    return new MemoryFile(name, folder);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InputStream open() throws IOException {
    if (!folder.containsKey(name)) {
      throw new FileNotFoundException(name);
    }
    return new ByteArrayInputStream(folder.get(name));
  }

  @Override
  public ModelSource sibling(String fileName) {
    return new MemoryFile(ModelSource.requirePlainName(fileName), folder);
  }
}
