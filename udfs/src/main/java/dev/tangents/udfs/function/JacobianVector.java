package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_jvp(model, x, v)}: J v. */
final class JacobianVector extends RowFunction {
  private static final long serialVersionUID = 1L;

  JacobianVector() {
    super(
        "tangents_jvp",
        new Help(
            "the derivative of f along v, sum_i df_o/dx_i v_i, array [O]",
            "",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f), array(1f, 0f))"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.TANGENT),
                Quantity.JVP,
                new ArrayResult(1))));
  }
}
