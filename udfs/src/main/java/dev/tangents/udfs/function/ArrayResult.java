package dev.tangents.udfs.function;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowValues;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.util.ArrayData;
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
  public Object of(RowValues values, int row) {
    int index = index(values.parts());
    Part part = values.parts().get(index);
    HostTensor numbers = values.values(index);
    int from = row * part.size();
    List<Integer> dims = new ArrayList<>(part.shape());
    if (dims.size() < rank) {
      dims.add(0, part.records());
    }
    return NestedArrays.of(numbers, from, dims);
  }

  /** The part of the quantity itself, not what is reported beside it. */
  private static int index(List<Part> parts) {
    return parts.size() - 1;
  }

  /** Numbers of a tensor as an array. */
  static ArrayData ofNumbers(HostTensor numbers, int from, int length) {
    return NestedArrays.of(numbers, from, List.of(length));
  }
}
