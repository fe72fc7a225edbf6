package dev.tangents.importer.dl4j;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads {@code coefficients.bin}: what {@code Nd4j.write} makes of a row vector. Two buffers, big
 * endian, each as
 *
 * <pre>
 *   UTF allocation mode ("MIXED_DATA_TYPES"; "LONG_SHAPE" before 1.0.0-beta)
 *   int64 length        UTF type        length numbers of that type
 * </pre>
 *
 * <p>The first, of LONG, is the shape: rank, extents, strides, flags, element stride, order. The
 * second holds the numbers.
 */
final class CoefficientReader {
  private static final int MOST_RANK = 2;

  private final DataInputStream in;

  private CoefficientReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /**
   * Reads exactly {@code expected} numbers, FLOAT or DOUBLE, widened to double. Memory is taken as
   * the bytes arrive.
   *
   * @throws TangentsException of category MODEL if the entry holds anything else
   */
  static double[] read(InputStream in, long expected) throws IOException {
    return new CoefficientReader(in).read(expected);
  }

  private double[] read(long expected) throws IOException {
    long claimed = readShape();
    Header header = readHeader("numbers");
    if (claimed != expected || header.length() != expected) {
      throw TangentsException.model(
          "coefficients.bin: the layers of configuration.json need %d numbers, its shape says %d and its"
              + " buffer has %d. The archive is damaged or was edited",
          expected, claimed, header.length());
    }
    int size =
        switch (header.type()) {
          case "FLOAT" -> Float.BYTES;
          case "DOUBLE" -> Double.BYTES;
          default ->
              throw TangentsException.model(
                  "coefficients.bin: numbers of type %s; expected FLOAT or DOUBLE. Save the model with that"
                      + " data type",
                  Text.shown(header.type()));
        };
    byte[] bytes = readBytes(Math.toIntExact(expected * size));
    if (in.read() >= 0) {
      throw TangentsException.model("coefficients.bin: goes on after its last number");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    double[] values = new double[(int) expected];
    for (int i = 0; i < values.length; i++) {
      values[i] = size == Float.BYTES ? buffer.getFloat() : buffer.getDouble();
    }
    return values;
  }

  /** Returns the number of elements that the shape has. */
  private long readShape() throws IOException {
    Header header = readHeader("shape");
    if (!header.type().equals("LONG")
        || header.length() < 4
        || header.length() > 4 + 2 * MOST_RANK) {
      throw TangentsException.model(
          "coefficients.bin: its shape has %d numbers of type %s; expected 4 to %d of type LONG",
          header.length(), Text.shown(header.type()), 4 + 2 * MOST_RANK);
    }
    ByteBuffer buffer = ByteBuffer.wrap(readBytes((int) header.length() * Long.BYTES));
    long[] info = new long[(int) header.length()];
    buffer.asLongBuffer().get(info);
    long rank = info[0];
    if (rank < 0 || rank > MOST_RANK || info.length != 4 + 2 * rank) {
      throw TangentsException.model(
          "coefficients.bin: expected a vector, got shape information %s", Arrays.toString(info));
    }
    long count = 1;
    for (int i = 1; i <= rank; i++) {
      if (info[i] < 0 || (count > 1 && info[i] > 1)) {
        throw TangentsException.model(
            "coefficients.bin: expected a vector, got shape information %s", Arrays.toString(info));
      }
      count *= info[i];
    }
    return count;
  }

  private Header readHeader(String what) throws IOException {
    try {
      String mode = in.readUTF();
      if (!mode.equals("MIXED_DATA_TYPES") && !mode.equals("LONG_SHAPE")) {
        throw TangentsException.model(
            "coefficients.bin: the buffer of its %s begins with '%s'; expected MIXED_DATA_TYPES. Load the"
                + " model with Deeplearning4j 1.0.0-M2.1 and save it again",
            what, Text.shown(mode));
      }
      return new Header(in.readLong(), in.readUTF());
    } catch (java.io.EOFException | java.io.UTFDataFormatException e) {
      throw TangentsException.model("coefficients.bin: the header of its %s is damaged", what)
          .causedBy(e);
    }
  }

  private byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw TangentsException.model(
          "coefficients.bin: ends after %d of %d bytes of a buffer", bytes.length, count);
    }
    return bytes;
  }

  private record Header(long length, String type) {}
}
