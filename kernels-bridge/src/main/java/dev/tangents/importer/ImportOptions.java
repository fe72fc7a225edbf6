package dev.tangents.importer;

import java.util.Objects;

/**
 * How to read a model.
 *
 * @param output which value of the network is f(x)
 * @param maxBytes most bytes that a model file, unpacked, or the parameters in double may take; at
 *     most 2^31
 */
public record ImportOptions(ModelOutput output, long maxBytes) {
  /** 2 GiB: 268 million parameters in double. */
  public static final long MAX_BYTES = 1L << 31;

  /** Checks the range. */
  public ImportOptions {
    Objects.requireNonNull(output, "output");
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      throw new IllegalArgumentException("maxBytes must be 1 to 2^31, got " + maxBytes);
    }
  }

  /** The network's own output, and 2^31 bytes. */
  public static ImportOptions defaults() {
    return new ImportOptions(ModelOutput.OUTPUT, MAX_BYTES);
  }

  /** The same with another output. */
  public ImportOptions withOutput(ModelOutput other) {
    return new ImportOptions(other, maxBytes);
  }
}
