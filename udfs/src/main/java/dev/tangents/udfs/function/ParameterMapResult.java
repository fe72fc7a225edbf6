package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowValues;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
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
  public IntFunction<Object> reader(RowValues values) {
    List<UTF8String> names = new ArrayList<>();
    List<IntFunction<Object>> numbers = new ArrayList<>();
    for (int i = 0; i < values.parts().size(); i++) {
      Part part = values.parts().get(i);
      if (!part.parameter().isEmpty()) {
        names.add(UTF8String.fromString(part.parameter()));
        NestedArrays array = new NestedArrays(values.values(i), List.of(part.size()));
        numbers.add(row -> array.at(row * part.size()));
      }
    }
    GenericArrayData keys = new GenericArrayData(names.toArray());
    return row ->
        new ArrayBasedMapData(
            keys, new GenericArrayData(numbers.stream().map(each -> each.apply(row)).toArray()));
  }
}
