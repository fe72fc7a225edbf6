package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** {@code tangents_gradient(model, x, label, loss)}: the gradient of the mean loss. */
final class MeanGradient extends SumFunction {
  private static final long serialVersionUID = 1L;

  MeanGradient() {
    super(
        "tangents_gradient",
        new Help(
            "aggregate: the gradient of the mean loss of the rows by the parameters, map of name to"
                + " doubles (row-major)",
            "A row with a null does not count.",
            "SELECT map_keys(_FUNC_('mlp:2-3-2:tanh?seed=1', x, 1, 'softmax-cross-entropy')) FROM"
                + " VALUES (array(0.5f, -1f)) AS t(x)"),
        new Form<>(
            List.of(Argument.MODEL, Argument.FEATURES, Argument.LABEL, Argument.LOSS),
            Quantity.GRADIENT,
            new ByParameter()));
  }

  private record ByParameter() implements SumResult {
    @Override
    public DataType type() {
      return DataTypes.createMapType(
          DataTypes.StringType, DataTypes.createArrayType(DataTypes.DoubleType, false), false);
    }

    @Override
    public Object of(List<String> parameters, List<double[]> sums, long rows) {
      Object[] names = parameters.stream().map(UTF8String::fromString).toArray();
      Object[] means =
          sums.stream()
              .map(sum -> Arrays.stream(sum).map(value -> value / rows).toArray())
              .map(UnsafeArrayData::fromPrimitiveArray)
              .toArray();
      return new ArrayBasedMapData(new GenericArrayData(names), new GenericArrayData(means));
    }
  }
}
