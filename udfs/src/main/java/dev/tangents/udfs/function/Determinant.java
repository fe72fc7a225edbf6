package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_determinant(model, x)}: of df/dx. */
final class Determinant extends RowFunction {
  private static final long serialVersionUID = 1L;

  Determinant() {
    super(
        "tangents_determinant",
        new Help(
            "the determinant of df/dx, struct<sign, logabsdet, det: double>",
            "The network needs as many outputs as inputs. A singular df/dx has 0, -Infinity, 0.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f)).logabsdet"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES),
                Quantity.DETERMINANT,
                new DeterminantResult())));
  }
}
