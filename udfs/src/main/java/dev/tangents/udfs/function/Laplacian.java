package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_laplacian(model, x)}: sum_i d2 f_o / dx_i^2. */
final class Laplacian extends RowFunction {
  private static final long serialVersionUID = 1L;

  Laplacian() {
    super(
        "tangents_laplacian",
        new Help(
            "the trace of each Hessian, sum_i d2 f_o / dx_i^2, array [O]",
            "Computed in one forward pass; no Hessian is formed.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f))"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES),
                Quantity.LAPLACIAN,
                new ArrayResult(1))));
  }
}
