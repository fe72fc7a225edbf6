package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import dev.tangents.rows.RowValues;
import java.io.Serializable;
import java.util.function.IntFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** What a quantity becomes in a row of SQL. */
public interface Result extends Serializable {
  /** The type of the value, which depends on no model. */
  DataType type(Precision precision);

  /**
   * Gives the values of a batch's samples by their number, as Catalyst holds them. A value may lie
   * where the one before lay: it holds until the next is asked for.
   */
  IntFunction<Object> reader(RowValues values);

  /** The type of one number. */
  static DataType element(Precision precision) {
    return precision == Precision.FLOAT ? DataTypes.FloatType : DataTypes.DoubleType;
  }
}
