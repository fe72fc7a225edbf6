package dev.tangents.udfs;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a table with its arrays as Java has them, copied whole. A {@link Row} would have an
 * object for every number.
 */
public final class PlainRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final DataType[] types;

  private PlainRows(DataType... types) {
    this.types = types;
  }

  /**
   * The rows, a value for each column: null, String, Long, Integer, Byte, Float or Double, byte[],
   * for an array float[], double[], int[] or long[], or a List where an entry is null, and for a
   * struct an Object[] of its fields.
   *
   * @throws IllegalArgumentException for a column of another type
   */
  public static JavaRDD<Object[]> of(Dataset<Row> table) {
    PlainRows rows = new PlainRows(types(table.schema()));
    return ((org.apache.spark.sql.classic.Dataset<Row>) table)
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(rows::plain);
  }

  private static DataType[] types(StructType schema) {
    List<DataType> types = new ArrayList<>();
    for (StructField field : schema.fields()) {
      types.add(field.dataType());
    }
    return types.toArray(DataType[]::new);
  }

  private Iterator<Object[]> plain(Iterator<InternalRow> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Object[] next() {
        return fields(rows.next(), types);
      }
    };
  }

  private static Object[] fields(InternalRow row, DataType... types) {
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] = value(row, i, types[i]);
    }
    return values;
  }

  /**
   * One value of a row, as {@link #of} gives it.
   *
   * @throws IllegalArgumentException for a column of another type
   */
  public static Object value(InternalRow row, int i, DataType type) {
    return row.isNullAt(i) ? null : present(row, i, type);
  }

  private static Object present(InternalRow row, int i, DataType type) {
    if (type instanceof StringType) {
      return row.getUTF8String(i).toString();
    } else if (type instanceof LongType) {
      return row.getLong(i);
    } else if (type instanceof IntegerType) {
      return row.getInt(i);
    } else if (type instanceof ByteType) {
      return row.getByte(i);
    } else if (type instanceof FloatType) {
      return row.getFloat(i);
    } else if (type instanceof DoubleType) {
      return row.getDouble(i);
    } else if (type instanceof BinaryType) {
      return row.getBinary(i).clone();
    } else if (type instanceof ArrayType list) {
      return array(row.getArray(i), list.elementType());
    } else if (type instanceof StructType struct) {
      return fields(row.getStruct(i, struct.size()), types(struct));
    }
    throw unknown(type);
  }

  private static Object array(ArrayData array, DataType type) {
    for (int i = 0; i < array.numElements(); i++) {
      if (array.isNullAt(i)) {
        return withNulls(array, type);
      }
    }
    if (type instanceof FloatType) {
      return array.toFloatArray();
    } else if (type instanceof DoubleType) {
      return array.toDoubleArray();
    } else if (type instanceof IntegerType) {
      return array.toIntArray();
    } else if (type instanceof LongType) {
      return array.toLongArray();
    }
    throw unknown(type);
  }

  private static List<Object> withNulls(ArrayData array, DataType type) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < array.numElements(); i++) {
      values.add(array.isNullAt(i) ? null : array.get(i, type));
    }
    return values;
  }

  private static IllegalArgumentException unknown(DataType type) {
    return new IllegalArgumentException("Column of type " + type.simpleString());
  }
}
