package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code tangents_mean_ntk(model, x)}: the mean of the trace kernel over all pairs of rows, each
 * with itself too, 1/N^2 sum_nm K(x_n, x_m) = sum_o |1/N sum_n df_o/dtheta (x_n)|^2.
 */
final class MeanKernel extends SumFunction {
  private static final long serialVersionUID = 1L;

  MeanKernel() {
    super(
        "tangents_mean_ntk",
        new Help(
            "aggregate: the mean of the neural tangent kernel (trace) over all pairs of the rows, double",
            "From one sum of gradients, in one pass: no pair is looked at. A row with a null does"
                + " not count.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', x) FROM VALUES (array(0.5f, -1f)) AS t(x)"),
        new Form<>(
            List.of(Argument.MODEL, Argument.FEATURES),
            Quantity.PARAMETER_JACOBIAN_SUM,
            new SquareOfMean()));
  }

  private record SquareOfMean() implements SumResult {
    @Override
    public DataType type() {
      return DataTypes.DoubleType;
    }

    @Override
    public Object of(List<String> parameters, List<double[]> sums, long rows) {
      return sums.stream()
          .flatMapToDouble(Arrays::stream)
          .map(sum -> sum / rows)
          .map(mean -> mean * mean)
          .sum();
    }
  }
}
