package dev.tangents.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads the golden files: npy version 1, little-endian double, row-major. */
final class Npy {
  private static final int FIXED = 10;

  private Npy() {}

  /** All numbers of the resource {@code golden/NAME}. */
  static double[] golden(String name) throws IOException {
    try (InputStream in = Npy.class.getResourceAsStream("/golden/" + name)) {
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int header = file.getShort(FIXED - 2);
      String text = new String(file.array(), FIXED, header, StandardCharsets.US_ASCII);
      if (!text.startsWith("{'descr': '<f8', 'fortran_order': False")) {
        throw new IOException(name + ": not of row-major little-endian doubles: " + text);
      }
      double[] values = new double[(file.limit() - FIXED - header) / Double.BYTES];
      file.position(FIXED + header);
      file.asDoubleBuffer().get(values);
      return values;
    }
  }
}
