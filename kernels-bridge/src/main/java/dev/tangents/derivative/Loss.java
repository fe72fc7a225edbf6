package dev.tangents.derivative;

import dev.tangents.ir.Value;

/**
 * How far the outputs of one sample are from its target, as a graph. {@link Losses} has the usual.
 */
@FunctionalInterface
public interface Loss {
  /**
   * The loss of one sample, a scalar [].
   *
   * @param outputs what the network says, [O]
   * @param target what it should say, [O]
   */
  Value of(Value outputs, Value target);
}
