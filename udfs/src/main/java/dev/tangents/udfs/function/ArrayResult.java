package dev.tangents.udfs.function;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
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
    List<Integer> dims = new ArrayList<>(part.shape());
    if (dims.size() < rank) {
      dims.add(0, part.records());
    }
    return array(values.values(index), row * part.size(), dims);
  }

  /** The part of the quantity itself, not what is reported beside it. */
  private static int index(List<Part> parts) {
    return parts.size() - 1;
  }

  private static ArrayData array(HostTensor numbers, int from, List<Integer> dims) {
    int length = dims.get(0);
    if (dims.size() == 1) {
      return ofNumbers(numbers, from, length);
    }
    List<Integer> rest = dims.subList(1, dims.size());
    int step = rest.stream().reduce(1, Math::multiplyExact);
    Object[] elements = new Object[length];
    for (int i = 0; i < length; i++) {
      elements[i] = array(numbers, from + i * step, rest);
    }
    return new GenericArrayData(elements);
  }

  /** Numbers of a tensor as an array. */
  static ArrayData ofNumbers(HostTensor numbers, int from, int length) {
    return numbers.precision() == Precision.FLOAT
        ? UnsafeArrayData.fromPrimitiveArray(
            Arrays.copyOfRange(numbers.floats(), from, from + length))
        : UnsafeArrayData.fromPrimitiveArray(
            Arrays.copyOfRange(numbers.doubles(), from, from + length));
  }
}
