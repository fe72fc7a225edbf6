package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_param_gradient_norm(model, x[, label, loss])}: |df/dtheta| or |dL/dtheta|. */
final class ParameterGradientNorm extends RowFunction {
  private static final long serialVersionUID = 1L;

  ParameterGradientNorm() {
    super(
        "tangents_param_gradient_norm",
        new Help(
            "the Frobenius norm of the Jacobian by the parameters, which is sqrt(K(x, x)) of the trace kernel; with label and loss the norm of the gradient of a loss; double",
            "No gradient is formed where factors are cheaper.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f))"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES),
                Quantity.PARAMETER_NORM,
                new NumberResult("norm")),
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.LABEL, Argument.LOSS),
                Quantity.GRADIENT_NORMS,
                new NumberResult("norm"))));
  }
}
