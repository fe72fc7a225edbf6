package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_features(model, x, k, seed)}: random projections of df_o/dtheta. */
final class GradientFeatures extends RowFunction {
  private static final long serialVersionUID = 1L;

  GradientFeatures() {
    super(
        "tangents_features",
        new Help(
            "k numbers of a random projection of each df_o/dtheta, which keeps inner products in the mean, array [O][k]",
            "Their inner products are those of tangents_ntk in the mean.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f), 16, 0)[0]"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.SIZE, Argument.SEED),
                Quantity.PROJECTED_JACOBIAN,
                new ArrayResult(2))));
  }
}
