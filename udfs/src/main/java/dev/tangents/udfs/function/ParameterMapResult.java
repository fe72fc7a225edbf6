package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowValues;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** The numbers of each parameter, row-major, by its name. */
record ParameterMapResult() implements Result {
  @Override
  public DataType type(Precision precision) {
    return DataTypes.createMapType(
        DataTypes.StringType, DataTypes.createArrayType(Result.element(precision), false), false);
  }

  @Override
  public Object of(RowValues values, int row) {
    List<Object> names = new ArrayList<>();
    List<Object> numbers = new ArrayList<>();
    for (int i = 0; i < values.parts().size(); i++) {
      Part part = values.parts().get(i);
      if (!part.parameter().isEmpty()) {
        names.add(UTF8String.fromString(part.parameter()));
        numbers.add(ArrayResult.ofNumbers(values.values(i), row * part.size(), part.size()));
      }
    }
    return new ArrayBasedMapData(
        new GenericArrayData(names.toArray()), new GenericArrayData(numbers.toArray()));
  }
}
