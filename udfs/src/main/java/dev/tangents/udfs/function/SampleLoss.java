package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.List;

/** {@code tangents_loss(model, x, label, loss)}: the loss of a row. */
final class SampleLoss extends RowFunction {
  private static final long serialVersionUID = 1L;

  SampleLoss() {
    super(
        "tangents_loss",
        new Help(
            "the loss of a network at a row, double",
            "",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f), 1, 'softmax-cross-entropy')"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.LABEL, Argument.LOSS),
                Quantity.LOSS,
                new NumberResult("loss"))));
  }
}
