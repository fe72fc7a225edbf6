package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_hessian(model, x)}: H[o][i][j] = d2 f_o / dx_i dx_j. */
final class Hessian extends RowFunction {
  private static final long serialVersionUID = 1L;

  Hessian() {
    super(
        "tangents_hessian",
        new Help(
            "the second derivatives d2 f_o / dx_i dx_j of a network, array [O][D][D]",
            "The three orders agree up to rounding.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f))[0][1]"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES), Quantity.HESSIAN, new ArrayResult(3))));
  }
}
