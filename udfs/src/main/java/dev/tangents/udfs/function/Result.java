package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import dev.tangents.rows.RowValues;
import java.io.Serializable;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** What a quantity becomes in a row of SQL. */
public interface Result extends Serializable {
  /** The type of the value, which depends on no model. */
  DataType type(Precision precision);

  /** The value of sample {@code row}, as Catalyst holds it. */
  Object of(RowValues values, int row);

  /** The type of one number. */
  static DataType element(Precision precision) {
    return precision == Precision.FLOAT ? DataTypes.FloatType : DataTypes.DoubleType;
  }
}
