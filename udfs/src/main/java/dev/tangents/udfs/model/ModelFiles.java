package dev.tangents.udfs.model;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The files that a model consists of. The driver reads them once and keeps their bytes, so that an
 * executor needs no access to where they lie.
 */
public final class ModelFiles {
  private final Map<String, byte[]> bytes = new HashMap<>();

  /** Opens files through {@code open} and keeps what is read. */
  public Function<String, ModelSource> recording(
      Function<String, ? extends ModelSource> open, long limit) {
    return path -> new Recorded(open.apply(path), limit);
  }

  /** The bytes by file name. */
  public Map<String, byte[]> bytes() {
    return new HashMap<>(bytes);
  }

  /** Opens files that were kept. */
  public static Function<String, ModelSource> of(Map<String, byte[]> files) {
    return path -> new Kept(path, files);
  }

  private final class Recorded implements ModelSource {
    private final ModelSource source;
    private final long limit;

    Recorded(ModelSource source, long limit) {
      this.source = source;
      this.limit = limit;
    }

    @Override
    public String name() {
      return source.name();
    }

    @Override
    public InputStream open() {
      byte[] content = bytes.computeIfAbsent(name(), name -> source.bytes(limit));
      return new ByteArrayInputStream(content);
    }

    @Override
    public ModelSource sibling(String fileName) {
      return new Recorded(source.sibling(fileName), limit);
    }
  }

  private record Kept(String name, Map<String, byte[]> files) implements ModelSource {
    @Override
    public InputStream open() {
      byte[] content = files.get(name);
      if (content == null) {
        throw TangentsException.internal(
            "Model file %s: not among those that the driver read: %s", name, files.keySet());
      }
      return new ByteArrayInputStream(content);
    }

    @Override
    public ModelSource sibling(String fileName) {
      int slash = name.lastIndexOf('/');
      return new Kept(name.substring(0, slash + 1) + ModelSource.requirePlainName(fileName), files);
    }
  }
}
