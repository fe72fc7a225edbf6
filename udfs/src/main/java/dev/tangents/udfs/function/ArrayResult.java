package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowValues;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Arrays in arrays.
 *
 * @param rank how deep; one more than the shape of a record where a record belongs to an output
 */
record ArrayResult(int rank) implements Result {
  @Override
  public DataType type(Precision precision) {
    DataType type = Result.element(precision);
    for (int i = 0; i < rank; i++) {
      type = DataTypes.createArrayType(type, false);
    }
    return type;
  }

  @Override
  public IntFunction<Object> reader(RowValues values) {
    // The quantity itself comes last, behind what is reported beside it.
    int index = values.parts().size() - 1;
    Part part = values.parts().get(index);
    List<Integer> dims = new ArrayList<>(part.shape());
    if (dims.size() < rank) {
      dims.add(0, part.records());
    }
    NestedArrays arrays = new NestedArrays(values.values(index), dims);
    return row -> arrays.at(row * part.size());
  }
}
