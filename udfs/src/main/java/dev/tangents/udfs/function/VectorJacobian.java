package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_vjp(model, x, w)}: J^T w. */
final class VectorJacobian extends RowFunction {
  private static final long serialVersionUID = 1L;

  VectorJacobian() {
    super(
        "tangents_vjp",
        new Help(
            "the gradient of sum_o w_o f_o by the inputs, array [D]",
            "",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f), array(1f, 0f))"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.COTANGENT),
                Quantity.VJP,
                new ArrayResult(1))));
  }
}
