package dev.tangents.job.io.file;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Checksum of the numbers of a file: CRC-32C of their little-endian bytes in the order of the
 * records, whatever the pages and their compression.
 */
public final class Checksum {
  /** The checksum's key in a footer. */
  public static final String KEY = "tangents.checksum";

  private final CRC32C crc = new CRC32C();

  /** Takes in the bytes that remain in {@code numbers}, whose position stays. */
  public void add(ByteBuffer numbers) {
    crc.update(numbers.duplicate());
  }

  /** The checksum as it stands in a footer. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "crc32c:%08x", crc.getValue());
  }
}
