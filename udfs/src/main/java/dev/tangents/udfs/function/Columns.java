package dev.tangents.udfs.function;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.Cast$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** The types that a column of a sample may have. */
public final class Columns {
  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType, true);

  private Columns() {}

  /** Whether numbers can be read from a column of that type. */
  static boolean areNumbers(Argument argument, DataType type) {
    return type instanceof NullType
        || type instanceof BinaryType
        || isVector(plain(type))
        || (type instanceof ArrayType array && array.elementType() instanceof NumericType)
        || (type instanceof ArrayType empty && empty.elementType() instanceof NullType)
        || (argument == Argument.LABEL && isNumber(type));
  }

  /** What is expected, for messages. */
  static String expected(Argument argument) {
    return "an array of numbers, an ML vector or binary"
        + (argument == Argument.LABEL ? ", or one number" : "");
  }

  /** Whether a column has one number, not several. */
  public static boolean isNumber(DataType type) {
    return type instanceof NumericType;
  }

  /** A column cast to a type that rows are read from: other numbers become doubles. */
  public static Expression readable(Expression column) {
    DataType type = column.dataType();
    if (isNumber(type)) {
      return cast(column, DataTypes.DoubleType);
    }
    boolean other =
        type instanceof NullType
            || (type instanceof ArrayType array
                && !(array.elementType() instanceof FloatType)
                && !(array.elementType() instanceof DoubleType));
    return other ? cast(column, DOUBLES) : column;
  }

  private static Expression cast(Expression column, DataType type) {
    return column.dataType().equals(type) ? column : Cast$.MODULE$.apply(column, type, false);
  }

  /** The type that a user-defined one is made of. */
  public static DataType plain(DataType type) {
    return type instanceof UserDefinedType<?> defined ? defined.sqlType() : type;
  }

  private static boolean isVector(DataType type) {
    return type instanceof StructType struct
        && Arrays.equals(struct.fieldNames(), new String[] {"type", "size", "indices", "values"});
  }
}
