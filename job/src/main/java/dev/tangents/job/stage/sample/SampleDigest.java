package dev.tangents.job.stage.sample;

import dev.tangents.exec.Precision;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.parquet.Scalar;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 of the ids, features and other vectors of samples in their order, as a network takes
 * them.
 */
public final class SampleDigest {
  private final MessageDigest digest = sha256();
  private final Precision precision;

  /** A digest of numbers rounded to {@code precision}. */
  public SampleDigest(Precision precision) {
    this.precision = precision;
  }

  /** Adds the next sample. */
  public void add(Sample sample) {
    add(sample.id(), sample.features());
    for (double[] vector : sample.vectors()) {
      add(vector);
    }
  }

  /** Adds the next sample, without further vectors. */
  public void add(Scalar id, double... features) {
    digest.update(id.toString().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    add(features);
  }

  private void add(double... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * precision.bytes());
    for (double number : numbers) {
      if (precision == Precision.FLOAT) {
        bytes.putFloat((float) number);
      } else {
        bytes.putDouble(number);
      }
    }
    digest.update(bytes.array());
  }

  /** The digest of all samples added, in hex; begins a new one. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest, in hex, of a whole input from those of its panels, in order. */
  static String ofPanels(List<String> panels) {
    MessageDigest all = sha256();
    panels.forEach(panel -> all.update(HexFormat.of().parseHex(panel)));
    return HexFormat.of().formatHex(all.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
