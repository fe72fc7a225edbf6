package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_ntk(model, x, y)}: the trace kernel of a pair. */
final class TangentKernel extends RowFunction {
  private static final long serialVersionUID = 1L;

  TangentKernel() {
    super(
        "tangents_ntk",
        new Help(
            "the neural tangent kernel of a pair of samples, sum_o of the inner products of df_o/dtheta at x and at y, double",
            "From factors, without the gradients where that is cheaper. For all pairs of a data set, tangents gram is far faster.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f), array(1f, 1f))"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.OTHER),
                Quantity.PAIR_KERNEL,
                new NumberResult("kernel"))));
  }
}
