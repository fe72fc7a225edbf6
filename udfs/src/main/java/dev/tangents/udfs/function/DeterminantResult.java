package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import dev.tangents.rows.RowValues;
import java.util.function.IntFunction;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Sign, ln |det| and det, in double as in the job's files. */
record DeterminantResult() implements Result {
  @Override
  public DataType type(Precision precision) {
    return new StructType()
        .add("sign", DataTypes.DoubleType, false)
        .add("logabsdet", DataTypes.DoubleType, false)
        .add("det", DataTypes.DoubleType, false);
  }

  @Override
  public IntFunction<Object> reader(RowValues values) {
    return row -> {
      Object[] fields = new Object[values.parts().size()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = values.values(i).at(row);
      }
      return new GenericInternalRow(fields);
    };
  }
}
