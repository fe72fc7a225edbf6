package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_loss_gradient(model, x, label, loss[, k, seed])}: dL/dtheta of a row. */
final class LossGradient extends RowFunction {
  private static final long serialVersionUID = 1L;

  LossGradient() {
    super(
        "tangents_loss_gradient",
        new Help(
            "the gradient of a row's loss by the parameters, map of name to numbers (row-major); with k and seed a random projection of it, array [k]",
            "The projection keeps inner products in the mean.",
            "SELECT map_keys(_FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f), 1, 'softmax-cross-entropy'))"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.LABEL, Argument.LOSS),
                Quantity.PER_SAMPLE_GRADIENTS,
                new ParameterMapResult()),
            new Form<>(
                List.of(
                    Argument.MODEL,
                    Argument.FEATURES,
                    Argument.LABEL,
                    Argument.LOSS,
                    Argument.SIZE,
                    Argument.SEED),
                Quantity.PROJECTED_LOSS_GRADIENT,
                new ArrayResult(1))));
  }
}
