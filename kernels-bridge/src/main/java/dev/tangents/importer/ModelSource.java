package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.io.InputStream;

/** A model file to read, wherever it lies. Read-only; importers see no other part of a storage. */
public interface ModelSource {
  /** The path or address, for messages. */
  String name();

  /** Opens the file's bytes. */
  InputStream open() throws IOException;

  /**
   * A file in the same folder.
   *
   * @param fileName a plain file name, see {@link #requirePlainName}
   */
  ModelSource sibling(String fileName);

  /**
   * All bytes of the file. Memory grows with what is read, so that a file which claims to be large
   * costs nothing.
   *
   * @throws TangentsException of category MODEL if it cannot be read or has more than {@code limit}
   *     bytes
   */
  default byte[] bytes(long limit) {
    int most = (int) Math.min(limit, Integer.MAX_VALUE - 16);
    try (InputStream in = open()) {
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw TangentsException.model(
            "Model file %s: more than the %d bytes that a model file may have", name(), most);
      }
      return bytes;
    } catch (IOException e) {
      throw TangentsException.model(
              "Model file %s: cannot be read (%s: %s). Check the path and the permissions",
              name(), e.getClass().getSimpleName(), e.getMessage())
          .causedBy(e);
    }
  }

  /**
   * Returns {@code fileName} if it is the name of a file and not a path: a model must not reach
   * other files than those beside it.
   *
   * @throws TangentsException of category MODEL otherwise
   */
  static String requirePlainName(String fileName) {
    boolean plain =
        !fileName.isBlank()
            && !fileName.startsWith(".")
            && fileName.chars().noneMatch(c -> c < ' ' || "/\\:%?*".indexOf(c) >= 0);
    if (!plain) {
      throw TangentsException.model(
          "Model file: '%s' is not a plain file name; expected a file in the model's own folder, with no"
              + " separator, colon, per cent sign, wildcard or leading dot",
          Text.shown(fileName));
    }
    return fileName;
  }
}
