package dev.tangents.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads arrays of NumPy: npy version 1, little-endian double, row-major. */
final class Npy {
  private static final int FIXED = 10;

  private Npy() {}

  /** All numbers of the resource {@code golden/NAME}. */
  static double[] golden(String name) throws IOException {
    try (InputStream in = Npy.class.getResourceAsStream("/golden/" + name)) {
      return numbers(in.readAllBytes(), "");
    }
  }

  /**
   * All numbers of a file.
   *
   * @param shape the axes as NumPy writes them, such as {@code (3, 4)}; empty for any
   */
  static double[] numbers(byte[] bytes, String shape) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = file.getShort(FIXED - 2);
    String text = new String(file.array(), FIXED, header, StandardCharsets.US_ASCII);
    if (!text.startsWith("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape)) {
      throw new IOException("Not row-major little-endian doubles " + shape + ": " + text);
    }
    double[] values = new double[(file.limit() - FIXED - header) / Double.BYTES];
    file.position(FIXED + header);
    file.asDoubleBuffer().get(values);
    return values;
  }
}
