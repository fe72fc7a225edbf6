package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_jacobian(model, x)}: J[o][i] = df_o / dx_i. */
final class Jacobian extends RowFunction {
  private static final long serialVersionUID = 1L;

  Jacobian() {
    super(
        "tangents_jacobian",
        new Help(
            "the derivatives df_o / dx_i of a network by its inputs, array of arrays [O][D]",
            "Mode auto takes forward or reverse, whichever counts fewer operations.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f))[0]"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES),
                Quantity.INPUT_JACOBIAN,
                new ArrayResult(2))));
  }
}
