package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_predict(model, x)}: f(x), [O]. */
final class Predict extends RowFunction {
  private static final long serialVersionUID = 1L;

  Predict() {
    super(
        "tangents_predict",
        new Help(
            "the outputs f(x) of a network, array [O]",
            "",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f))"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES), Quantity.OUTPUTS, new ArrayResult(1))));
  }
}
