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
            "loss is one of mse, half-mse, binary-cross-entropy, softmax-cross-entropy (both of logits), hinge, huber, jacobian-determinant. label is an array of O numbers, one number where O = 1, or the number of a class.",
            "SELECT _FUNC_('mlp:2-3-2:tanh?seed=1', array(0.5f, -1f), 1, 'softmax-cross-entropy')"),
        List.of(
            new Form<>(
                List.of(Argument.MODEL, Argument.FEATURES, Argument.LABEL, Argument.LOSS),
                Quantity.LOSS,
                new NumberResult("loss"))));
  }
}
