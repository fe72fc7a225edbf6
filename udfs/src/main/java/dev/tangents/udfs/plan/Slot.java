package dev.tangents.udfs.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.PlainRows;
import dev.tangents.udfs.sample.FeatureReader.BadRow;
import dev.tangents.udfs.sample.VectorReader;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;

/**
 * One column that a pass takes of each row.
 *
 * @param content what it is
 * @param label the argument's name, for messages
 * @param type of the column
 * @param length numbers of it
 * @param reader reads it
 */
record Slot(SampleInput content, String label, DataType type, int length, VectorReader reader)
    implements Serializable {
  private static final int SHOWN = 8;

  /**
   * The numbers in column {@code place} of a row; null for a null.
   *
   * @throws TangentsException of category DATA that shows the value and says what is wrong
   */
  double[] read(InternalRow row, int place, String function) {
    Object value = PlainRows.value(row, place, type);
    if (value == null) {
      return null;
    }
    try {
      return reader.read(value instanceof Double number ? new double[] {number} : value);
    } catch (BadRow e) {
      throw TangentsException.data(
              "%s: a row has %s = %s: %s. Leave such rows out with WHERE, or repair them",
              function, label, shown(value), e.getMessage())
          .causedBy(e);
    }
  }

  /** Bytes of its numbers in a row; of bytes that hold numbers, at least. */
  long bytes() {
    int number =
        type instanceof BinaryType
            ? 1
            : type instanceof ArrayType array ? array.elementType().defaultSize() : Double.BYTES;
    return (long) length * number;
  }

  /** A value as a message shows it, not all of a long one. */
  static String shown(Object value) {
    if (value instanceof List<?> list) {
      return list.subList(0, Math.min(SHOWN, list.size())) + (list.size() > SHOWN ? "..." : "");
    }
    if (value instanceof Object[] vector) { // of ML: type, size, indices, values
      String values = shown(vector[vector.length - 1]);
      boolean sparse = (Byte) vector[0] == 0;
      return sparse ? "(%s, %s, %s)".formatted(vector[1], shown(vector[2]), values) : values;
    }
    if (!value.getClass().isArray()) {
      return value.toString();
    }
    int length = Array.getLength(value);
    Object[] first = new Object[Math.min(SHOWN, length)];
    Arrays.setAll(first, i -> Array.get(value, i));
    String text = Arrays.toString(first);
    return length > SHOWN ? text.substring(0, text.length() - 1) + ", ...]" : text;
  }
}
