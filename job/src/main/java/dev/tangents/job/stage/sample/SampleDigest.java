package dev.tangents.job.stage.sample;

import dev.tangents.exec.HostTensor;
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
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private float[] narrow = new float[0];

  /** A digest of numbers rounded to {@code precision}. */
  public SampleDigest(Precision precision) {
    this.precision = precision;
  }

  /** Adds the next sample. */
  public void add(Sample sample) {
    add(sample.id());
    add(sample.features());
    for (double[] vector : sample.vectors()) {
      add(vector);
    }
  }

  /**
   * Adds the next sample, without further vectors.
   *
   * @param features of several samples, [N, D], in the precision of this digest
   * @param row which of them
   */
  void add(Scalar id, HostTensor features, int row) {
    add(id);
    int width = (int) features.shape().dim(1);
    ByteBuffer bytes = room(width);
    if (precision == Precision.FLOAT) {
      bytes.asFloatBuffer().put(features.floats(), row * width, width);
    } else {
      bytes.asDoubleBuffer().put(features.doubles(), row * width, width);
    }
    digest.update(bytes);
  }

  private void add(Scalar id) {
    digest.update(id.toString().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private void add(double... numbers) {
    ByteBuffer bytes = room(numbers.length);
    if (precision == Precision.FLOAT) {
      if (narrow.length != numbers.length) {
        narrow = new float[numbers.length];
      }
      for (int i = 0; i < numbers.length; i++) {
        narrow[i] = (float) numbers[i];
      }
      bytes.asFloatBuffer().put(narrow);
    } else {
      bytes.asDoubleBuffer().put(numbers);
    }
    digest.update(bytes);
  }

  /** Room for as many numbers, which are put there at once: one by one takes as long as SHA-256. */
  private ByteBuffer room(int numbers) {
    int bytes = Math.multiplyExact(numbers, precision.bytes());
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocate(bytes);
    }
    return buffer.clear().limit(bytes);
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
