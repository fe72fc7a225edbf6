package dev.tangents.job.io.input;

import dev.tangents.job.io.parquet.Scalar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A {@link Sample} as it travels through a shuffle: one array of bytes, which Java's serialisation
 * copies in one go where it would walk over every field of every sample. Numbers that are floats
 * take four bytes.
 */
final class PackedSample implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] bytes;

  private PackedSample(byte[] bytes) {
    this.bytes = bytes;
  }

  static PackedSample of(Sample sample) {
    ByteArrayOutputStream target = new ByteArrayOutputStream(64 + 4 * sample.features().length);
    try (DataOutputStream out = new DataOutputStream(target)) {
      write(out, sample.file());
      out.writeLong(sample.position());
      write(out, sample.id());
      write(out, sample.label());
      out.writeBoolean(sample.problem() != null);
      if (sample.problem() != null) {
        write(out, sample.problem());
        out.writeInt(sample.column());
      } else {
        write(out, sample.features());
        out.writeInt(sample.vectors().length);
        for (double[] vector : sample.vectors()) {
          write(out, vector);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new PackedSample(target.toByteArray());
  }

  private Object readResolve() {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String file = text(in);
      long position = in.readLong();
      Scalar id = scalar(in);
      Scalar label = scalar(in);
      if (in.readBoolean()) {
        return Sample.bad(file, position, id, text(in), in.readInt());
      }
      double[] features = numbers(in);
      double[][] vectors = new double[in.readInt()][];
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = numbers(in);
      }
      return Sample.good(file, position, id, label, features, vectors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream out, double... numbers) throws IOException {
    boolean floats = true;
    for (int i = 0; i < numbers.length && floats; i++) {
      floats = (float) numbers[i] == numbers[i];
    }
    out.writeInt(floats ? numbers.length : ~numbers.length);
    ByteBuffer packed = ByteBuffer.allocate(numbers.length * (floats ? Float.BYTES : Double.BYTES));
    if (floats) {
      FloatBuffer target = packed.asFloatBuffer();
      for (double number : numbers) {
        target.put((float) number);
      }
    } else {
      packed.asDoubleBuffer().put(numbers);
    }
    out.write(packed.array());
  }

  private static double[] numbers(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      double[] numbers = new double[~length];
      DoubleBuffer source =
          ByteBuffer.wrap(in.readNBytes(numbers.length * Double.BYTES)).asDoubleBuffer();
      source.get(numbers);
      return numbers;
    }
    FloatBuffer source = ByteBuffer.wrap(in.readNBytes(length * Float.BYTES)).asFloatBuffer();
    double[] numbers = new double[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = source.get(i);
    }
    return numbers;
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  private static void write(DataOutputStream out, Scalar scalar) throws IOException {
    out.writeByte(scalar.type().name().charAt(0));
    switch (scalar.type()) {
      case NONE -> {}
      case INTEGER -> out.writeLong(scalar.integer());
      case REAL -> out.writeDouble(scalar.real());
      case TEXT -> write(out, scalar.text());
    }
  }

  private static Scalar scalar(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case 'N' -> Scalar.NONE;
      case 'I' -> Scalar.of(in.readLong());
      case 'R' -> Scalar.of(in.readDouble());
      default -> Scalar.of(text(in));
    };
  }
}
