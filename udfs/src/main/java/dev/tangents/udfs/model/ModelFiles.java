package dev.tangents.udfs.model;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/**
 * The files that a model consists of. The driver reads them once and keeps their bytes, so that an
 * executor needs no access to where they lie. A file goes by its path as Hadoop writes it, so that
 * {@code ./m.json} and {@code m.json} are one.
 */
public final class ModelFiles {
  private final Map<String, byte[]> bytes = new HashMap<>();

  /** Opens files through {@code open} and keeps what is read. */
  public Function<String, ModelSource> recording(
      Function<String, ? extends ModelSource> open, long limit) {
    return path -> new Recorded(open.apply(path), limit);
  }

  /** The bytes by path. */
  public Map<String, byte[]> bytes() {
    return new HashMap<>(bytes);
  }

  /** Opens files that were kept, by any spelling of their path. */
  public static Function<String, ModelSource> of(Map<String, byte[]> files) {
    return path -> new Kept(new Path(path), files);
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
      byte[] content =
          bytes.computeIfAbsent(new Path(name()).toString(), path -> source.bytes(limit));
      return new ByteArrayInputStream(content);
    }

    @Override
    public ModelSource sibling(String fileName) {
      return new Recorded(source.sibling(fileName), limit);
    }
  }

  private record Kept(Path path, Map<String, byte[]> files) implements ModelSource {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public InputStream open() {
      byte[] content = files.get(name());
      if (content == null) {
        throw TangentsException.internal(
            "Model file %s: not among those that the driver read: %s", name(), files.keySet());
      }
      return new ByteArrayInputStream(content);
    }

    @Override
    public ModelSource sibling(String fileName) {
      Path sibling = new Path(path.getParent(), ModelSource.requirePlainName(fileName));
      return new Kept(sibling, files);
    }
  }
}
