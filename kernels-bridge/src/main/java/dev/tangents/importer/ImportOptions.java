package dev.tangents.importer;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * How to read a model.
 *
 * @param output which value of the network is f(x)
 * @param maxBytes most bytes that a model file, unpacked, or the parameters in double may take; at
 *     most 2^31
 * @param ties parameters that are one, in the order in which they are tied
 * @param batchAxes which axes are the batch, in a form of model that leaves it open
 * @param trained patterns ({@link NamePattern}) of what was trained, in a form of model that leaves
 *     it open
 */
public record ImportOptions(
    ModelOutput output, long maxBytes, List<Tie> ties, BatchAxes batchAxes, List<String> trained)
    implements Serializable {
  /** 2 GiB: 268 million parameters in double. */
  public static final long MAX_BYTES = 1L << 31;

  /** Checks the range and copies the list. */
  public ImportOptions {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(batchAxes, "batchAxes");
    ties = List.copyOf(ties);
    trained = List.copyOf(trained);
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      throw new IllegalArgumentException("maxBytes must be 1 to 2^31, got " + maxBytes);
    }
  }

  /** The network's own output, 2^31 bytes, nothing tied, batches first, what the file says. */
  public static ImportOptions defaults() {
    return new ImportOptions(
        ModelOutput.OUTPUT, MAX_BYTES, List.of(), BatchAxes.first(), List.of());
  }

  /** These options with another output. */
  public ImportOptions withOutput(ModelOutput other) {
    return new ImportOptions(other, maxBytes, ties, batchAxes, trained);
  }

  /** These options with another bound on bytes. */
  public ImportOptions withMaxBytes(long bytes) {
    return new ImportOptions(output, bytes, ties, batchAxes, trained);
  }

  /** These options with parameters tied. */
  public ImportOptions withTies(List<Tie> parameters) {
    return new ImportOptions(output, maxBytes, parameters, batchAxes, trained);
  }

  /** These options with other batch axes. */
  public ImportOptions withBatchAxes(BatchAxes axes) {
    return new ImportOptions(output, maxBytes, ties, axes, trained);
  }

  /** The same with what was trained, by patterns of names. */
  public ImportOptions withTrained(List<String> patterns) {
    return new ImportOptions(output, maxBytes, ties, batchAxes, patterns);
  }
}
