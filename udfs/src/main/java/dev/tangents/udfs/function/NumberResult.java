package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import dev.tangents.rows.RowValues;
import java.util.function.IntFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * One number, in double as in the job's files.
 *
 * @param column the part that has it
 */
record NumberResult(String column) implements Result {
  @Override
  public DataType type(Precision precision) {
    return DataTypes.DoubleType;
  }

  @Override
  public IntFunction<Object> reader(RowValues values) {
    return values.column(column).orElseThrow()::at;
  }
}
