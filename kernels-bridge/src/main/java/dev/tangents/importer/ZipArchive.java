package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Finds the entries of a model archive in memory. Entry names are compared, never used as paths.
 * What stands before the wanted entry is inflated and thrown away, at most {@code maxBytes} of it;
 * what stands after is never looked at (updater state, normalisers: some of them Java objects).
 */
public final class ZipArchive {
  private static final int MOST_ENTRIES = 64;
  private static final int CHUNK = 1 << 16;

  private final byte[] bytes;
  private final long maxBytes;

  /**
   * An archive in memory.
   *
   * @param maxBytes most bytes to unpack on the way to an entry
   */
  public ZipArchive(byte[] bytes, long maxBytes) {
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads one entry from its stream.
   *
   * @param <R> what it holds
   */
  public interface EntryReader<R> {
    /** What the entry holds. */
    R read(InputStream in) throws IOException;
  }

  /**
   * Applies {@code reader} to the first entry called {@code name}.
   *
   * @param <R> what the entry holds
   * @return its result, or nothing if there is no such entry
   * @throws TangentsException of category MODEL if the archive is damaged or too large
   */
  public <R> Optional<R> read(String name, EntryReader<R> reader) {
    long skipped = 0;
    int entries = 0;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(name)) {
          return Optional.of(reader.read(zip));
        }
        entries++;
        skipped = skip(zip, skipped);
        if (entries == MOST_ENTRIES) {
          throw TangentsException.model("more than %d entries in the archive", MOST_ENTRIES);
        }
      }
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      // IllegalArgumentException: an entry's name is not valid UTF-8.
      throw TangentsException.model("the archive is damaged: %s", e.getMessage()).causedBy(e);
    }
  }

  private long skip(InputStream in, long before) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long total = before;
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      total += n;
      if (total > maxBytes) {
        throw TangentsException.model(
            "more than the %d bytes that a model may have, unpacked", maxBytes);
      }
    }
    return total;
  }
}
