package dev.tangents.udfs.model;

import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Sha256;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.fs.FileStatus;

/**
 * A model's file as it was read, by which a later look tells whether it is still the same.
 *
 * @param hash SHA-256 of its content
 * @param length in bytes
 * @param modified when it was written, in ms by the file system's clock
 * @param settled whether that was so long before it was read that the same time and length are
 *     enough: what is written later has another time
 */
public record FileVersion(String hash, long length, long modified, boolean settled) {
  /** Clocks of hosts differ, and some file systems count seconds. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /**
   * A file that was read.
   *
   * @param since when reading it began
   */
  public static FileVersion of(HadoopModelSource file, byte[] content, Instant since) {
    String hash = Sha256.hex(content);
    try {
      FileStatus status = file.status();
      long modified = status.getModificationTime();
      boolean settled = modified > 0 && modified < since.minus(MARGIN).toEpochMilli();
      return new FileVersion(hash, status.getLen(), modified, settled);
    } catch (IOException e) {
      // A file system that lets it be read alone.
      return new FileVersion(hash, content.length, 0, false);
    }
  }

  /**
   * The file as it is now, which is read again unless the file system says that it is the same.
   *
   * @throws dev.tangents.error.TangentsException if it cannot be read any more
   */
  public FileVersion now(HadoopModelSource file) {
    if (settled && isSame(file)) {
      return this;
    }
    Instant since = Instant.now();
    return of(file, file.bytes(ImportOptions.MAX_BYTES), since);
  }

  private boolean isSame(HadoopModelSource file) {
    try {
      FileStatus status = file.status();
      return status.getLen() == length && status.getModificationTime() == modified;
    } catch (IOException e) {
      return false; // reading it says why
    }
  }
}
