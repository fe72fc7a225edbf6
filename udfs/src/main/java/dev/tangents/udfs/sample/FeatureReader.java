package dev.tangents.udfs.sample;

import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelInput;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/**
 * Reads the features of one row, of whatever form, as numbers, scaled, and says what is wrong with
 * them otherwise.
 */
public final class FeatureReader implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What one number is called in a message. */
  private final String noun;

  /** x becomes x * scale + shift. */
  private final double scale;

  private final double shift;
  private final int width;

  /** Whether only whole numbers will do. */
  private final boolean whole;

  private final BinaryType binary;
  private final Precision precision;

  private FeatureReader(
      String noun,
      int width,
      boolean whole,
      double scale,
      double shift,
      BinaryType binary,
      Precision precision) {
    this.noun = noun;
    this.width = width;
    this.whole = whole;
    this.scale = scale;
    this.shift = shift;
    this.binary = binary;
    this.precision = precision;
  }

  /**
   * A reader of an input of the model. Real numbers x become x * scale + shift; integers stay as
   * they are.
   *
   * @param noun what one of its numbers is called in a message
   * @param precision width of the numbers that are computed with, which must hold these
   */
  public static FeatureReader of(
      String noun,
      ModelInput input,
      double scale,
      double shift,
      BinaryType binary,
      Precision precision) {
    int width = Math.toIntExact(input.size());
    return input.real()
        ? new FeatureReader(noun, width, false, scale, shift, binary, precision)
        : new FeatureReader(noun, width, true, 1, 0, binary, precision);
  }

  /** Numbers of a sample. */
  public int width() {
    return width;
  }

  /**
   * A reader of {@code width} numbers of another column, which stay as they are.
   *
   * @param noun what one of them is called in a message
   * @param precision width of the numbers that are computed with, which must hold these
   */
  static FeatureReader unscaled(String noun, int width, BinaryType binary, Precision precision) {
    return new FeatureReader(noun, width, false, 1, 0, binary, precision);
  }

  /** A row that cannot be used; the message says why. */
  public static final class BadRow extends Exception {
    private static final long serialVersionUID = 1L;

    /** A fault of a row, with a message of one line. */
    BadRow(String format, Object... values) {
      super(String.format(Locale.ROOT, format, values));
    }
  }

  /**
   * The numbers of a value as {@link dev.tangents.udfs.PlainRows} gives it: an array, a list with
   * nulls, the fields of a vector, or bytes.
   *
   * @throws BadRow if they are not as many finite numbers as are expected
   */
  public double[] read(Object value) throws BadRow {
    if (value == null) {
      throw new BadRow("the %ss are null", noun);
    }
    double[] numbers =
        value instanceof byte[] bytes
            ? ofBytes(bytes)
            : value instanceof Object[] vector ? ofVector(vector) : ofArray(value);
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw new BadRow("%s %d is %s", noun, i, numbers[i]);
      }
      if (whole && numbers[i] != Math.rint(numbers[i])) {
        throw new BadRow("%s %d is %s; the model takes whole numbers", noun, i, numbers[i]);
      }
      double used = numbers[i] * scale + shift;
      if (!isHeld(used)) {
        throw new BadRow(
            "%s %d is %s%s, beyond a %s%s",
            noun,
            i,
            numbers[i],
            used == numbers[i] ? "" : ", scaled " + used,
            precision.name().toLowerCase(Locale.ROOT),
            Double.isFinite(used) ? "; dtype double would hold it" : "");
      }
      numbers[i] = used;
    }
    return numbers;
  }

  /** Whether a number stays finite in the width that is computed with. */
  private boolean isHeld(double number) {
    return precision == Precision.FLOAT ? Float.isFinite((float) number) : Double.isFinite(number);
  }

  private double[] ofArray(Object value) throws BadRow {
    if (value instanceof float[] floats) {
      requireWidth(floats.length);
      double[] numbers = new double[width];
      for (int i = 0; i < width; i++) {
        numbers[i] = floats[i];
      }
      return numbers;
    }
    if (value instanceof double[] doubles) {
      requireWidth(doubles.length);
      return doubles;
    }
    List<?> values = (List<?>) value;
    requireWidth(values.size());
    throw new BadRow("%s %d is null", noun, values.indexOf(null));
  }

  /** The numbers of a vector from its fields: whether it is dense, size, indices, values. */
  private double[] ofVector(Object... fields) throws BadRow {
    boolean sparse = (Byte) fields[0] == 0;
    if (!sparse) {
      return ofArray(fields[3]);
    }
    requireWidth((Integer) fields[1]);
    double[] numbers = new double[width];
    int[] indices = (int[]) fields[2];
    double[] values = (double[]) fields[3];
    for (int i = 0; i < indices.length; i++) {
      int index = indices[i];
      if (index < 0 || index >= width) {
        throw new BadRow("a sparse vector of size %d has the index %d", width, index);
      }
      numbers[index] = values[i];
    }
    return numbers;
  }

  private double[] ofBytes(byte[] bytes) throws BadRow {
    int size =
        switch (binary) {
          case FLOAT -> Float.BYTES;
          case DOUBLE -> Double.BYTES;
          case UINT8 -> 1;
        };
    if (bytes.length != (long) width * size) {
      throw new BadRow(
          "%d bytes; the model expects %d %ss of %d bytes each", bytes.length, width, noun, size);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[width];
    for (int i = 0; i < width; i++) {
      numbers[i] =
          switch (binary) {
            case FLOAT -> buffer.getFloat();
            case DOUBLE -> buffer.getDouble();
            case UINT8 -> buffer.get() & 0xff;
          };
    }
    return numbers;
  }

  private void requireWidth(int found) throws BadRow {
    if (found != width) {
      throw new BadRow("%d %ss; the model expects %d", found, noun, width);
    }
  }
}
